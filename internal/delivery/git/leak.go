package git

import (
	"encoding/base64"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sigs.k8s.io/yaml"
)

const (
	// minLeak is the shortest value that is searched for, minDistinctive the shortest of those that only a Secret's data
	// tells of: shorter ones occur by chance.
	minLeak        = 6
	minDistinctive = 8
	// publicAnnotation lists keys of a Secret, with commas, whose values are no secret (a user name, a host) and may
	// appear elsewhere.
	publicAnnotation = "slipway.dev/public-keys"

	encryptedPrefix = "ENC[AES256_GCM,"
)

// leakCheck knows the values that must not stand in the open.
type leakCheck struct {
	needles []needle
}

type needle struct {
	text   string
	source string
}

// newLeakCheck collects the values of all Secrets. It is the second line of defence: what is secret is kept out of other
// objects by following it through every substitution. So it looks for values that can hardly stand somewhere by chance
// and leaves out what is public by nature although a Secret may repeat it: names of objects, namespaces and the
// Environment, and Request.Public.
func newLeakCheck(r Request) leakCheck {
	public := map[string]bool{r.OrgID: true, r.AppID: true, r.EnvID: true}
	for _, o := range r.Objects {
		public[o.Name], public[o.Namespace] = true, true
	}
	for _, value := range r.Public {
		public[strings.TrimSpace(value)] = true
	}
	var c leakCheck
	add := func(value, source string) {
		value = strings.TrimSpace(value)
		if len(value) < minLeak || public[value] {
			return
		}
		for _, form := range []string{value, base64.StdEncoding.EncodeToString([]byte(value)), base64.RawURLEncoding.EncodeToString([]byte(value))} {
			c.needles = append(c.needles, needle{form, source})
		}
	}
	for _, value := range r.Sensitive {
		add(value, "a secret input")
	}
	for _, o := range r.Objects {
		if o.isSecret() {
			secretValues(o, func(value, source string) {
				if distinctive(strings.TrimSpace(value)) {
					add(value, source)
				}
			})
		}
	}
	return c
}

// distinctive says that a value is unlikely to be an ordinary word: it is long enough and has digits in it or mixes
// capitals with small letters. A user name like postgres is not, and also stands in the name of an image.
func distinctive(value string) bool {
	if len(value) < minDistinctive {
		return false
	}
	digits := strings.ContainsFunc(value, unicode.IsDigit)
	capitals := strings.ContainsFunc(value, unicode.IsUpper)
	small := strings.ContainsFunc(value, unicode.IsLower)
	return digits || capitals && small
}

func secretValues(o Object, add func(value, source string)) {
	exempt := publicKeys(o.Tree)
	for _, field := range []string{"data", "stringData"} {
		values, _ := o.Tree[field].(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(values)) {
			if slices.Contains(exempt, key) {
				continue
			}
			source := o.ref() + ", key " + key
			eachString(values[key], func(text string) {
				add(text, source)
				if field != "data" {
					return
				}
				if raw, err := base64.StdEncoding.DecodeString(text); err == nil {
					add(string(raw), source)
				}
			})
		}
	}
}

func publicKeys(tree map[string]any) []string {
	meta, _ := tree["metadata"].(map[string]any)
	annotations, _ := meta["annotations"].(map[string]any)
	list, _ := annotations[publicAnnotation].(string)
	keys := strings.Split(list, ",")
	for i := range keys {
		keys[i] = strings.TrimSpace(keys[i])
	}
	return keys
}

// check reads a finished file back and looks at every string in it, keys included. Encrypted values and the sops
// metadata are no clear text.
func (c leakCheck) check(o Object, file []byte) error {
	var tree map[string]any
	if err := yaml.Unmarshal(file, &tree); err != nil {
		return refused("%s: its file cannot be read back", o.ref())
	}
	if o.isSecret() {
		if _, ok := tree["sops"].(map[string]any); !ok {
			return refused("%s: would be written without encryption", o.ref())
		}
		delete(tree, "sops")
	}
	var found *needle
	eachString(tree, func(text string) {
		if found != nil || o.isSecret() && strings.HasPrefix(text, encryptedPrefix) {
			return
		}
		for i := range c.needles {
			if strings.Contains(text, c.needles[i].text) {
				found = &c.needles[i]
				return
			}
		}
	})
	if found == nil {
		return nil
	}
	return refused("%s: contains in clear text a value of %s; take the value from the Secret instead, or, if it is none, list its key in the Secret's annotation %s",
		o.ref(), found.source, publicAnnotation)
}

func (c leakCheck) checkText(what, text string) error {
	for _, n := range c.needles {
		if strings.Contains(text, n.text) {
			return refused("%s contains in clear text a value of %s", what, n.source)
		}
	}
	return nil
}

// eachString visits all strings and numbers of a tree, also the keys of its maps, in a fixed order.
func eachString(v any, visit func(string)) {
	switch v := v.(type) {
	case string:
		visit(v)
	case []any:
		for _, item := range v {
			eachString(item, visit)
		}
	case float64:
		visit(strconv.FormatFloat(v, 'f', -1, 64))
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			visit(key)
			eachString(v[key], visit)
		}
	}
}
