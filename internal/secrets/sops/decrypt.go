package sops

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"gopkg.in/yaml.v3"
)

// ErrMAC says that a file was changed after it was encrypted.
var ErrMAC = errors.New("the file was changed after it was encrypted (its MAC does not match)")

// Decrypt opens a file of Encrypt, or one that the sops tool wrote with age recipients and encrypted_regex, and gives the
// plain YAML without the sops metadata. identities are age identities, one a line, as in a file of age-keygen.
func Decrypt(encrypted []byte, identities string) ([]byte, error) {
	parsed, err := age.ParseIdentities(strings.NewReader(identities))
	if err != nil {
		return nil, errors.New("the age identities cannot be read (expected AGE-SECRET-KEY-1..., one a line)")
	}
	root, meta, err := parseEncrypted(encrypted)
	if err != nil {
		return nil, err
	}
	secret, err := regexp.Compile(meta.EncryptedRegex)
	if err != nil {
		return nil, fmt.Errorf("encrypted_regex %q: %w", meta.EncryptedRegex, err)
	}
	key, err := unwrapKey(meta, parsed)
	if err != nil {
		return nil, err
	}
	mac := newMAC()
	err = walk(root, nil, func(path []string, node *yaml.Node) error {
		value, err := scalarOf(node)
		if err != nil {
			return fmt.Errorf("%s: %w", strings.Join(path, "."), err)
		}
		if matchesAny(secret, path) && !value.empty() {
			if value, err = open(key, value.text, additionalData(path)); err != nil {
				return fmt.Errorf("%s: %w", strings.Join(path, "."), err)
			}
			value.writeTo(node)
		}
		mac.add(value)
		return nil
	})
	if err != nil {
		return nil, err
	}
	want, err := open(key, meta.MAC, meta.LastModified)
	if err != nil {
		return nil, ErrMAC
	}
	if subtle.ConstantTimeCompare([]byte(want.text), []byte(mac.sum())) != 1 {
		return nil, ErrMAC
	}
	return encodeYAML(root)
}

// Recipients reads from an encrypted file to whom it is encrypted, without opening it.
func Recipients(encrypted []byte) ([]string, error) {
	_, meta, err := parseEncrypted(encrypted)
	if err != nil {
		return nil, err
	}
	recipients := make([]string, 0, len(meta.Age))
	for _, k := range meta.Age {
		recipients = append(recipients, k.Recipient)
	}
	return recipients, nil
}

// parseEncrypted splits a file into its document, without the metadata, and the metadata.
func parseEncrypted(encrypted []byte) (*yaml.Node, metadata, error) {
	root, err := parseDocument(encrypted)
	if err != nil {
		return nil, metadata{}, err
	}
	node := child(root, metadataKey)
	if node == nil {
		return nil, metadata{}, errors.New("the file is not encrypted with sops (no top-level key \"sops\")")
	}
	var meta metadata
	if err := node.Decode(&meta); err != nil {
		return nil, metadata{}, fmt.Errorf("reading the sops metadata: %w", err)
	}
	if meta.EncryptedRegex == "" || meta.MACOnlyEncrypted || len(meta.Age) == 0 {
		return nil, metadata{}, errors.New("only sops files with age recipients, encrypted_regex and a MAC over all values are supported")
	}
	dropChild(root, metadataKey)
	stripComments(root)
	return root, meta, nil
}

func unwrapKey(meta metadata, identities []age.Identity) ([]byte, error) {
	for _, wrapped := range meta.Age {
		r, err := age.Decrypt(armor.NewReader(strings.NewReader(wrapped.Enc)), identities...)
		if err != nil {
			continue
		}
		key, err := io.ReadAll(io.LimitReader(r, dataKeySize+1))
		if err == nil && len(key) == dataKeySize {
			return key, nil
		}
	}
	return nil, fmt.Errorf("none of the given identities opens the file; it is encrypted to %d recipient(s)", len(meta.Age))
}
