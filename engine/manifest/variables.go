package manifest

import (
	"slices"
	"strings"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
)

// environment gives env and envFrom of a container. A plain variable goes into a ConfigMap that is loaded as a whole, a
// secret one into a Secret that env refers to, one with values of the running pod into env itself. Native env comes
// last and replaces a variable of the same name.
func (r *renderer) environment(id string, c map[string]any, at path) ([]corev1.EnvVar, []corev1.EnvFromSource) {
	env := r.variables(id, r.ps.object(c["variables"], at.key("variables")), at.key("variables"))
	var envFrom []corev1.EnvFromSource
	if _, ok := r.store.configs[r.store.configName(id)]; ok {
		envFrom = append(envFrom, corev1.EnvFromSource{ConfigMapRef: &corev1.ConfigMapEnvSource{
			LocalObjectReference: corev1.LocalObjectReference{Name: r.store.configName(id)},
		}})
	}
	envFrom = append(envFrom, decodeList[corev1.EnvFromSource](c["envFrom"], at.key("envFrom"), r.ps)...)
	return lastWins(append(env, r.nativeEnv(c["env"], at.key("env"))...)), envFrom
}

func (r *renderer) variables(container string, given map[string]any, at path) []corev1.EnvVar {
	var env []corev1.EnvVar
	for _, name := range sortedKeys(given) {
		value, secret, ok := r.variable(name, given[name], at.key(name))
		switch {
		case !ok:
		case secret && hasDownward(value):
			r.ps.add(at.key(name), "a secret and a pod or containers placeholder cannot be combined in one variable")
		case secret:
			r.store.setSecret(container, name, []byte(value))
			env = append(env, corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: r.store.secretName(container)}, Key: name,
			}}})
		case hasDownward(value):
			env = append(env, corev1.EnvVar{Name: name, Value: escapeExpansion(value)})
		default:
			r.store.config(container).text[name] = value
		}
	}
	return env
}

// variable reads one variable; ok is false when there is nothing to keep (null, or a problem that was reported).
func (r *renderer) variable(name string, v any, at path) (value string, secret, ok bool) {
	if v == nil {
		return "", false, false
	}
	if msgs := validation.IsEnvVarName(name); len(msgs) > 0 {
		r.ps.add(at, "not a valid name of a variable: letters, digits, _, - and . are allowed, and no digit in front")
		return "", false, false
	}
	value, secret, err := text(v)
	if err != nil {
		r.ps.add(at, "%s", err)
		return "", false, false
	}
	if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		r.ps.add(at, "expected text in UTF-8 without zero bytes")
		return "", false, false
	}
	return value, secret, true
}

// nativeEnv decodes Kubernetes EnvVars. A value that a placeholder made a number or boolean becomes its text.
func (r *renderer) nativeEnv(v any, at path) []corev1.EnvVar {
	items := slices.Clone(r.ps.list(v, at))
	for i, item := range items {
		entry, ok := item.(map[string]any)
		if !ok || entry["value"] == nil {
			continue
		}
		copied := map[string]any{}
		for key, value := range entry {
			copied[key] = value
		}
		copied["value"] = r.ps.scalar(entry["value"], at.index(i).key("value"))
		items[i] = copied
	}
	env := decodeList[corev1.EnvVar](items, at, r.ps)
	for i, e := range env {
		if len(validation.IsEnvVarName(e.Name)) > 0 {
			r.ps.add(at.index(i).key("name"), "expected the name of a variable, got %q", e.Name)
		}
	}
	return env
}

// lastWins keeps the last entry of each name, as a container would see it; the API's list is keyed by name.
func lastWins(env []corev1.EnvVar) []corev1.EnvVar {
	seen := map[string]bool{}
	var out []corev1.EnvVar
	for _, e := range slices.Backward(env) {
		if seen[e.Name] {
			continue
		}
		seen[e.Name] = true
		out = append(out, e)
	}
	slices.Reverse(out)
	return out
}

// moduleVariables are kept in the ConfigMap and Secret of the module, for volumes of type projected to pick from. They
// do not enter any container's environment.
func (r *renderer) moduleVariables() {
	at := path("spec.variables")
	given := r.ps.object(r.spec["variables"], at)
	for _, name := range sortedKeys(given) {
		if given[name] == nil {
			continue
		}
		if msgs := validation.IsConfigMapKey(name); len(msgs) > 0 {
			r.ps.add(at.key(name), "not a valid key of a ConfigMap: %s", msgs[0])
			continue
		}
		value, secret, err := text(given[name])
		switch {
		case err != nil:
			r.ps.add(at.key(name), "%s", err)
		case secret:
			r.store.setSecret("", name, []byte(value))
		case !utf8.ValidString(value):
			r.store.config("").binary[name] = []byte(value)
		default:
			r.store.config("").text[name] = value
		}
	}
}
