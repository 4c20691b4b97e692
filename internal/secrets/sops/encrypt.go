package sops

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// KubernetesSecretRegex selects the parts of a Kubernetes Secret that are secret.
const KubernetesSecretRegex = "^(data|stringData)$" //nolint:gosec // names of fields, no credential

// formatVersion is what the file says about the sops that wrote it; readers refuse files that are newer than they are.
const formatVersion = "3.9.0"

// Options say how a file is encrypted.
type Options struct {
	// Recipients are age X25519 recipients (age1...), at least one. Each of them alone can open the file.
	Recipients []string
	// EncryptedRegex selects the keys whose values, at any depth below, are encrypted. Empty is KubernetesSecretRegex.
	EncryptedRegex string
	// LastModified goes into the file, in seconds and UTC.
	LastModified time.Time
}

// Encrypt turns a plain YAML document (a mapping) into an encrypted one. It fails for a document that has a top-level
// key "sops" already, aliases, or scalars of a kind that the format cannot carry.
func Encrypt(plain []byte, opts Options) ([]byte, error) {
	recipients, err := parseRecipients(opts.Recipients)
	if err != nil {
		return nil, err
	}
	expression := opts.EncryptedRegex
	if expression == "" {
		expression = KubernetesSecretRegex
	}
	secret, err := regexp.Compile(expression)
	if err != nil {
		return nil, fmt.Errorf("encrypted_regex %q: %w", expression, err)
	}
	root, err := parseDocument(plain)
	if err != nil {
		return nil, err
	}
	if child(root, metadataKey) != nil {
		return nil, errors.New("the document is encrypted already (it has a top-level key \"sops\")")
	}
	stripComments(root)

	key := make([]byte, dataKeySize)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("making a data key: %w", err)
	}
	mac := newMAC()
	err = walk(root, nil, func(path []string, node *yaml.Node) error {
		value, err := scalarOf(node)
		if err != nil {
			return fmt.Errorf("%s: %w", strings.Join(path, "."), err)
		}
		mac.add(value)
		if !matchesAny(secret, path) || value.empty() {
			return nil
		}
		sealed, err := seal(key, value, additionalData(path))
		if err != nil {
			return fmt.Errorf("%s: %w", strings.Join(path, "."), err)
		}
		setString(node, sealed)
		return nil
	})
	if err != nil {
		return nil, err
	}

	meta := metadata{EncryptedRegex: expression, LastModified: opts.LastModified.UTC().Format(time.RFC3339), Version: formatVersion}
	for i, recipient := range recipients {
		wrapped, err := wrapKey(key, recipient)
		if err != nil {
			return nil, fmt.Errorf("encrypting to %s: %w", opts.Recipients[i], err)
		}
		meta.Age = append(meta.Age, ageKey{Recipient: strings.TrimSpace(opts.Recipients[i]), Enc: wrapped})
	}
	if meta.MAC, err = seal(key, scalar{kind: kindString, text: mac.sum()}, meta.LastModified); err != nil {
		return nil, err
	}
	return emit(root, meta)
}

func parseRecipients(texts []string) ([]age.Recipient, error) {
	if len(texts) == 0 {
		return nil, errors.New("no age recipient is given: somebody must be able to open the file")
	}
	recipients := make([]age.Recipient, 0, len(texts))
	for _, text := range texts {
		recipient, err := age.ParseX25519Recipient(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("age recipient %q is not valid (expected age1...)", shortened(text))
		}
		recipients = append(recipients, recipient)
	}
	return recipients, nil
}

// shortened keeps a private key that was pasted in place of a recipient out of the message.
func shortened(text string) string {
	if strings.HasPrefix(strings.TrimSpace(text), "age1") {
		return text
	}
	if len(text) > 4 {
		return text[:4] + "…"
	}
	return text
}

func wrapKey(key []byte, recipient age.Recipient) (string, error) {
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	w, err := age.Encrypt(armored, recipient)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(key); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	if err := armored.Close(); err != nil {
		return "", err
	}
	return out.String(), nil
}

func emit(root *yaml.Node, meta metadata) ([]byte, error) {
	var node yaml.Node
	if err := node.Encode(meta); err != nil {
		return nil, fmt.Errorf("writing the sops metadata: %w", err)
	}
	var name yaml.Node
	setString(&name, metadataKey)
	root.Content = append(root.Content, &name, &node)
	return encodeYAML(root)
}

func encodeYAML(root *yaml.Node) ([]byte, error) {
	quoteLeadingSpace(root)
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(root); err != nil {
		return nil, fmt.Errorf("writing YAML: %w", err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("writing YAML: %w", err)
	}
	return out.Bytes(), nil
}

// quoteLeadingSpace keeps texts that begin with space out of block scalars: the library writes those with an indentation
// that no parser reads back, its own included.
func quoteLeadingSpace(node *yaml.Node) {
	if node.Kind == yaml.ScalarNode && node.ShortTag() == "!!str" {
		first, _ := utf8.DecodeRuneInString(node.Value)
		if unicode.IsSpace(first) || first == '\ufeff' || first == '\u2028' || first == '\u2029' {
			node.Style = yaml.DoubleQuotedStyle
		}
	}
	for _, child := range node.Content {
		quoteLeadingSpace(child)
	}
}
