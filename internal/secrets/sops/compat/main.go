// Command compat opens and writes files with the official SOPS library and builds directories with the official
// kustomize library. Tests use it to prove that what Slipway commits is read by the tools that follow the repository. It is
// a module of its own because these libraries bring every cloud's SDK, which the product does not carry.
//
//	compat decrypt            encrypted YAML on stdin, SOPS_AGE_KEY in the environment; plain YAML on stdout
//	compat encrypt RECIPIENT  plain YAML on stdin; encrypted YAML on stdout
//	compat kustomize DIR      the built resources on stdout
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/getsops/sops/v3"
	"github.com/getsops/sops/v3/aes"
	"github.com/getsops/sops/v3/age"
	"github.com/getsops/sops/v3/config"
	"github.com/getsops/sops/v3/decrypt"
	"github.com/getsops/sops/v3/keyservice"
	"github.com/getsops/sops/v3/stores/yaml"
	"github.com/getsops/sops/v3/version"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	switch {
	case len(args) == 1 && args[0] == "decrypt":
		return decryptFile(in, out)
	case len(args) == 2 && args[0] == "encrypt":
		return encryptFile(args[1], in, out)
	case len(args) == 2 && args[0] == "kustomize":
		return build(args[1], out)
	}
	return errors.New("usage: compat decrypt | encrypt RECIPIENT | kustomize DIR")
}

func decryptFile(in io.Reader, out io.Writer) error {
	raw, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	// DataWithFormat checks the MAC, as the sops command does.
	plain, err := decrypt.Data(raw, "yaml")
	if err != nil {
		return err
	}
	_, err = out.Write(plain)
	return err
}

func encryptFile(recipient string, in io.Reader, out io.Writer) error {
	raw, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	store := yaml.NewStore(&config.YAMLStoreConfig{})
	branches, err := store.LoadPlainFile(raw)
	if err != nil {
		return err
	}
	key, err := age.MasterKeyFromRecipient(recipient)
	if err != nil {
		return err
	}
	tree := sops.Tree{Branches: branches, Metadata: sops.Metadata{
		KeyGroups:      []sops.KeyGroup{{key}},
		EncryptedRegex: "^(data|stringData)$",
		Version:        version.Version,
		LastModified:   time.Now().UTC(),
	}}
	dataKey, errs := tree.GenerateDataKeyWithKeyServices([]keyservice.KeyServiceClient{keyservice.NewLocalClient()})
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	cipher := aes.NewCipher()
	mac, err := tree.Encrypt(dataKey, cipher)
	if err != nil {
		return err
	}
	tree.Metadata.MessageAuthenticationCode, err = cipher.Encrypt(mac, dataKey, tree.Metadata.LastModified.Format(time.RFC3339))
	if err != nil {
		return err
	}
	sealed, err := store.EmitEncryptedFile(tree)
	if err != nil {
		return err
	}
	_, err = out.Write(sealed)
	return err
}

func build(dir string, out io.Writer) error {
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		return err
	}
	text, err := resources.AsYaml()
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}
