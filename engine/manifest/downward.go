package manifest

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// Values that only the running pod knows (semantics 4.4) travel through placeholder resolution as text: the resolver
// answers ${pod.metadata.name} with $(_DOWNWARD_API_pod.metadata.name), alone or inside other text. Render recognises
// the text, declares the variable through the downward API in front of the container's own variables, and Kubernetes
// expands the reference. The name of the variable says all that is needed, so nothing else has to be carried along.
const downwardPrefix = "_DOWNWARD_API_"

var downwardToken = regexp.MustCompile(`\$\((` + downwardPrefix + `[-._A-Za-z0-9]*)\)`)

// podFields are the fields that the downward API offers to environment variables.
var podFields = []string{
	"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
	"status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
}

// IsDownward says whether a placeholder's path is one that only the running pod can answer: pod.* or containers.*.
func IsDownward(p placeholder.Path) bool {
	return len(p) > 0 && (p[0] == "pod" || p[0] == "containers")
}

// Downward gives the text that stands for a value of the running pod: the answer of a resolver to a placeholder such as
// ${pod.metadata.name}, ${pod.metadata.labels["team"]} or ${containers.main.limits.cpu}. The text is understood in
// variables and env of containers and in command and args; Render refuses it elsewhere, and together with a secret.
func Downward(p placeholder.Path) (string, error) {
	if _, err := downwardSource(p); err != nil {
		return "", err
	}
	tokens := make([]string, len(p))
	for i, token := range p {
		tokens[i] = encodeToken(token)
	}
	return "$(" + downwardPrefix + strings.Join(tokens, ".") + ")", nil
}

// encodeToken keeps letters, digits and dashes; every other byte becomes _XX. Decoding is exact.
func encodeToken(s string) string {
	var out strings.Builder
	for _, b := range []byte(s) {
		if b == '-' || b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' {
			out.WriteByte(b)
			continue
		}
		fmt.Fprintf(&out, "_%02X", b)
	}
	return out.String()
}

func decodeToken(s string) (string, error) {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '_' {
			out.WriteByte(s[i])
			continue
		}
		if i+3 > len(s) {
			return "", fmt.Errorf("%q is cut off", s)
		}
		raw, err := hex.DecodeString(s[i+1 : i+3])
		if err != nil {
			return "", fmt.Errorf("%q is not written as it should be", s)
		}
		out.Write(raw)
		i += 2
	}
	return out.String(), nil
}

// downwardVariable declares the environment variable of a name that was found in a text.
func downwardVariable(name string) (corev1.EnvVar, error) {
	var p placeholder.Path
	for _, encoded := range strings.Split(strings.TrimPrefix(name, downwardPrefix), ".") {
		token, err := decodeToken(encoded)
		if err != nil {
			return corev1.EnvVar{}, err
		}
		p = append(p, token)
	}
	source, err := downwardSource(p)
	if err != nil {
		return corev1.EnvVar{}, err
	}
	return corev1.EnvVar{Name: name, ValueFrom: source}, nil
}

func downwardSource(p placeholder.Path) (*corev1.EnvVarSource, error) {
	if len(p) == 4 && p[0] == "containers" {
		return containerSource(p)
	}
	if len(p) == 4 && p[0] == "pod" && p[1] == "metadata" && (p[2] == "labels" || p[2] == "annotations") && !strings.ContainsAny(p[3], `'"\`) {
		return &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: "metadata." + p[2] + "['" + p[3] + "']"}}, nil
	}
	if len(p) == 3 && p[0] == "pod" && slices.Contains(podFields, p[1]+"."+p[2]) {
		return &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: p[1] + "." + p[2]}}, nil
	}
	return nil, fmt.Errorf("%s is not offered to a running container; use containers.<name>.limits|requests.<resource>, "+
		"pod.metadata.labels[...], pod.metadata.annotations[...] or pod. with one of %s", strings.Join(p, "."), strings.Join(podFields, ", "))
}

func containerSource(p placeholder.Path) (*corev1.EnvVarSource, error) {
	kind, resource := p[2], p[3]
	standard := resource == "cpu" || resource == "memory" || resource == "ephemeral-storage" || strings.HasPrefix(resource, "hugepages-")
	if p[1] == "" || kind != "limits" && kind != "requests" || !standard {
		return nil, fmt.Errorf("%s is not offered to a running container; use limits or requests of cpu, memory, ephemeral-storage or hugepages-*",
			strings.Join(p, "."))
	}
	return &corev1.EnvVarSource{ResourceFieldRef: &corev1.ResourceFieldSelector{ContainerName: p[1], Resource: kind + "." + resource}}, nil
}

func hasDownward(s string) bool {
	return strings.Contains(s, "$("+downwardPrefix)
}

// escapeExpansion keeps Kubernetes from expanding anything in a text but the downward references.
func escapeExpansion(s string) string {
	var out strings.Builder
	last := 0
	for _, at := range downwardToken.FindAllStringIndex(s, -1) {
		out.WriteString(strings.ReplaceAll(s[last:at[0]], "$", "$$"))
		out.WriteString(s[at[0]:at[1]])
		last = at[1]
	}
	out.WriteString(strings.ReplaceAll(s[last:], "$", "$$"))
	return out.String()
}

// declareDownward puts the variables that a container's texts refer to in front of its environment.
func declareDownward(c *corev1.Container, at path, ps *problems) {
	texts := slices.Concat(c.Command, c.Args)
	declared := map[string]bool{}
	for _, e := range c.Env {
		texts = append(texts, e.Value)
		declared[e.Name] = true
	}
	var front []corev1.EnvVar
	for _, s := range texts {
		for _, match := range downwardToken.FindAllStringSubmatch(s, -1) {
			if declared[match[1]] {
				continue
			}
			declared[match[1]] = true
			variable, err := downwardVariable(match[1])
			if err != nil {
				ps.add(at, "%s", err)
				continue
			}
			front = append(front, variable)
		}
	}
	slices.SortFunc(front, func(a, b corev1.EnvVar) int { return strings.Compare(a.Name, b.Name) })
	c.Env = append(front, c.Env...)
}
