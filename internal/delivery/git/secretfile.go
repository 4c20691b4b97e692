package git

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/internal/secrets/sops"
)

// fingerprintAnnotation stays readable in the encrypted file and tells whether the plaintext is still the same.
const fingerprintAnnotation = "slipway.dev/fingerprint"

// sealSecret gives the file of a Secret: the previous one if its plaintext, its recipients and its bytes are what they
// were, otherwise a fresh encryption. previous is nil when there is none or when somebody else changed it.
func sealSecret(r Request, file string, o Object, previous []byte) ([]byte, error) {
	tree := o.Tree
	if r.Fingerprint != nil {
		fingerprint, err := fingerprintOf(r, file, o)
		if err != nil {
			return nil, err
		}
		if keeps(previous, fingerprint, r.AgeRecipients) {
			return previous, nil
		}
		tree = annotated(o.Tree, fingerprintAnnotation, fingerprint)
	}
	plain, err := renderYAML(o, tree)
	if err != nil {
		return nil, err
	}
	sealed, err := sops.Encrypt(plain, sops.Options{Recipients: r.AgeRecipients, LastModified: r.Time})
	if err != nil {
		return nil, fmt.Errorf("%s: encrypting: %w", o.ref(), err)
	}
	return sealed, nil
}

// fingerprintOf covers everything that decides the file, and its place, so that equal Secrets of two Environments
// cannot be told to be equal.
func fingerprintOf(r Request, file string, o Object) (string, error) {
	canonical, err := json.Marshal(map[string]any{
		"environment": r.environment(), "path": r.Path, "file": file, "regex": sops.KubernetesSecretRegex, "tree": o.Tree,
	})
	if err != nil {
		return "", fmt.Errorf("%s: cannot be written as JSON", o.ref())
	}
	return r.Fingerprint(canonical), nil
}

func keeps(previous []byte, fingerprint string, recipients []string) bool {
	if previous == nil {
		return false
	}
	var doc struct {
		Metadata struct {
			Annotations map[string]string `json:"annotations"`
		} `json:"metadata"`
	}
	if err := yaml.Unmarshal(previous, &doc); err != nil || doc.Metadata.Annotations[fingerprintAnnotation] != fingerprint {
		return false
	}
	before, err := sops.Recipients(previous)
	if err != nil {
		return false
	}
	wanted := make([]string, 0, len(recipients))
	for _, recipient := range recipients {
		wanted = append(wanted, strings.TrimSpace(recipient))
	}
	slices.Sort(before)
	slices.Sort(wanted)
	return slices.Equal(before, wanted)
}

func annotated(tree map[string]any, key, value string) map[string]any {
	out := maps.Clone(tree)
	meta, _ := out["metadata"].(map[string]any)
	meta = maps.Clone(meta)
	annotations, _ := meta["annotations"].(map[string]any)
	annotations = maps.Clone(annotations)
	if annotations == nil {
		annotations = map[string]any{}
	}
	annotations[key] = value
	meta["annotations"] = annotations
	out["metadata"] = meta
	return out
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
