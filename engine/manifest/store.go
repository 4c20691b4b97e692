package manifest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// maxStore is the limit of the API server on the data of a ConfigMap or Secret, in bytes.
const maxStore = corev1.MaxSecretSize

// store collects what a workload keeps in ConfigMaps and Secrets: <module>-configmap-<container> and
// <module>-secrets-<container> for variables, <module>-configmap and <module>-secrets for files and variables of the
// module (semantics 3.2).
type store struct {
	module  string
	configs map[string]*config
	secrets map[string]map[string]any // by name of the Secret: base64 text as placeholder.Secret leaves
}

type config struct {
	text   map[string]string
	binary map[string][]byte
}

func newStore(module string) *store {
	return &store{module: module, configs: map[string]*config{}, secrets: map[string]map[string]any{}}
}

func (s *store) configName(container string) string {
	if container == "" {
		return joinName(maxName, s.module, "configmap")
	}
	return joinName(maxName, s.module, "configmap", container)
}

func (s *store) secretName(container string) string {
	if container == "" {
		return joinName(maxName, s.module, "secrets")
	}
	return joinName(maxName, s.module, "secrets", container)
}

func (s *store) config(container string) *config {
	name := s.configName(container)
	if s.configs[name] == nil {
		s.configs[name] = &config{text: map[string]string{}, binary: map[string][]byte{}}
	}
	return s.configs[name]
}

// setSecret keeps a secret value. The leaf holds base64 text, as data of a Secret object wants it.
func (s *store) setSecret(container, key string, value []byte) {
	name := s.secretName(container)
	if s.secrets[name] == nil {
		s.secrets[name] = map[string]any{}
	}
	s.secrets[name][key] = placeholder.Secret{Value: base64.StdEncoding.EncodeToString(value)}
}

// objects gives the ConfigMaps (typed) and Secrets (trees, as their leaves have no place in a typed Secret).
func (s *store) objects(r *renderer) []any {
	var out []any
	for _, name := range sortedKeys(s.configs) {
		c := s.configs[name]
		size := 0
		for key, value := range c.text {
			size += len(key) + len(value)
		}
		for key, value := range c.binary {
			size += len(key) + len(value)
		}
		s.checkSize(name, size, r.ps)
		out = append(out, &corev1.ConfigMap{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
			ObjectMeta: r.objectMeta(name),
			Data:       c.text,
			BinaryData: c.binary,
		})
	}
	for _, name := range sortedKeys(s.secrets) {
		size := 0
		for key, value := range s.secrets[name] {
			encoded, _ := value.(placeholder.Secret).Value.(string)
			size += len(key) + base64.StdEncoding.DecodedLen(len(encoded))
		}
		s.checkSize(name, size, r.ps)
		tree, err := toTree(&corev1.Secret{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
			ObjectMeta: r.objectMeta(name),
			Type:       corev1.SecretTypeOpaque,
		})
		if err != nil {
			r.ps.add("", "%s", err)
			continue
		}
		tree["data"] = s.secrets[name]
		out = append(out, tree)
	}
	return out
}

func (s *store) checkSize(name string, size int, ps *problems) {
	if size > maxStore {
		ps.add("spec", "variables and files need %d bytes in %s, at most %d fit", size, name, maxStore)
	}
}

// configChecksum is a digest of all ConfigMaps, "" when there are none. In the pod template it rolls the pods when a
// variable or file changes.
func (s *store) configChecksum() string {
	if len(s.configs) == 0 {
		return ""
	}
	content := map[string]any{}
	for name, c := range s.configs {
		content[name] = []any{c.text, c.binary}
	}
	sum := sha256.Sum256(canonical(content))
	return hex.EncodeToString(sum[:])
}

// secretChecksum is a keyed digest of all Secrets, "" without a key or without Secrets. It covers where the workload
// lives, so that equal secrets of two workloads cannot be recognised by their digests.
func (s *store) secretChecksum(w Workload) string {
	if len(s.secrets) == 0 || len(w.ChecksumKey) == 0 {
		return ""
	}
	content := map[string]any{}
	for name, data := range s.secrets {
		content[name] = placeholder.Reveal(data)
	}
	mac := hmac.New(sha256.New, w.ChecksumKey)
	mac.Write(canonical([]any{w.OrgID, w.AppID, w.EnvID, w.Namespace, w.ID, content}))
	return hex.EncodeToString(mac.Sum(nil))
}

// canonical writes maps, slices and strings as JSON; encoding/json sorts the keys of maps.
func canonical(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil // cannot happen: only maps, slices, strings and bytes come here
	}
	return raw
}
