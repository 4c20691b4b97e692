package manifest

import (
	"reflect"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// volumeAliases are shorter spellings of types of volumes.
var volumeAliases = map[string]string{"pvc": "persistentVolumeClaim"}

// volumeTypes are the fields of Kubernetes' VolumeSource by their name in lower case.
var volumeTypes = func() map[string]string {
	out := map[string]string{}
	for _, name := range membersOf(reflect.TypeFor[corev1.VolumeSource]()).names {
		out[strings.ToLower(name)] = name
	}
	return out
}()

// volumeSource reads {type, source}: type is one of Kubernetes' types of volumes, source has its fields. A projected
// volume may have configMap and secret beside its type. configMap and secret pick from the module's own ConfigMap and
// Secret unless another one is named.
func (r *renderer) volumeSource(v any, at path) corev1.VolumeSource {
	given := r.ps.object(v, at)
	kind := r.ps.str(given["type"], at.key("type"))
	if long, ok := volumeAliases[strings.ToLower(kind)]; ok {
		kind = long
	}
	name, ok := volumeTypes[strings.ToLower(kind)]
	if !ok {
		known := append(sortedKeys(volumeAliases), membersOf(reflect.TypeFor[corev1.VolumeSource]()).names...)
		r.ps.add(at.key("type"), "expected a type of volumes, one of %s; got %q", strings.Join(known, ", "), kind)
		return corev1.VolumeSource{}
	}
	if name == "projected" && given["source"] == nil {
		r.ps.known(given, at, "type", "configMap", "secret", "defaultMode")
		return r.projectedVolume(given, at)
	}
	r.ps.known(given, at, "type", "source")
	var out corev1.VolumeSource
	source := given["source"]
	if source == nil && (name == "emptyDir" || name == "configMap" || name == "secret") {
		source = map[string]any{}
	}
	if source == nil {
		of := membersOf(reflect.TypeFor[corev1.VolumeSource]()).types[name].Elem().Name()
		r.ps.add(at.key("source"), "expected the source of the volume, with the fields of Kubernetes' %s", of)
		return corev1.VolumeSource{}
	}
	decode([]field{{parent: at, key: name, value: source}}, &out, r.ps)
	if out.ConfigMap != nil && out.ConfigMap.Name == "" {
		out.ConfigMap.Name = r.store.configName("")
	}
	if out.Secret != nil && out.Secret.SecretName == "" {
		out.Secret.SecretName = r.store.secretName("")
	}
	r.ownSource(out, at)
	return out
}

func (r *renderer) projectedVolume(given map[string]any, at path) corev1.VolumeSource {
	source := &corev1.ProjectedVolumeSource{}
	decode(pick(given, at, "defaultMode"), source, r.ps)
	if given["configMap"] != nil {
		projection := &corev1.ConfigMapProjection{}
		decodeValue(given["configMap"], at.key("configMap"), projection, r.ps)
		if projection.Name == "" {
			projection.Name = r.store.configName("")
		}
		source.Sources = append(source.Sources, corev1.VolumeProjection{ConfigMap: projection})
	}
	if given["secret"] != nil {
		projection := &corev1.SecretProjection{}
		decodeValue(given["secret"], at.key("secret"), projection, r.ps)
		if projection.Name == "" {
			projection.Name = r.store.secretName("")
		}
		source.Sources = append(source.Sources, corev1.VolumeProjection{Secret: projection})
	}
	if len(source.Sources) == 0 {
		r.ps.add(at, "expected configMap, secret or both")
	}
	out := corev1.VolumeSource{Projected: source}
	r.ownSource(out, at)
	return out
}

func pick(m map[string]any, at path, keys ...string) []field {
	return slices.DeleteFunc(fieldsOf(m, at), func(f field) bool { return !slices.Contains(keys, f.key) })
}

// ownVolume picks keys from the module's own ConfigMap or Secret; without keys all of them.
type ownVolume struct {
	at       path
	secret   bool
	keys     []string
	optional bool
}

// ownSource remembers what a volume picks from the module's own ConfigMap and Secret.
func (r *renderer) ownSource(v corev1.VolumeSource, at path) {
	add := func(name string, secret bool, items []corev1.KeyToPath, optional *bool) {
		want := r.store.configName("")
		if secret {
			want = r.store.secretName("")
		}
		if name != want {
			return
		}
		own := ownVolume{at: at, secret: secret, optional: optional != nil && *optional}
		for _, item := range items {
			own.keys = append(own.keys, item.Key)
		}
		r.volumes.own = append(r.volumes.own, own)
	}
	if c := v.ConfigMap; c != nil {
		add(c.Name, false, c.Items, c.Optional)
	}
	if s := v.Secret; s != nil {
		add(s.SecretName, true, s.Items, s.Optional)
	}
	if v.Projected == nil {
		return
	}
	for _, source := range v.Projected.Sources {
		if c := source.ConfigMap; c != nil {
			add(c.Name, false, c.Items, c.Optional)
		}
		if s := source.Secret; s != nil {
			add(s.Name, true, s.Items, s.Optional)
		}
	}
}

// checkProjections reports volumes that pick what the module does not have: their pods would wait for ever.
func (r *renderer) checkProjections() {
	for _, own := range r.volumes.own {
		if own.optional {
			continue
		}
		has, other, where := r.store.keys("", own.secret), r.store.keys("", !own.secret), "secret"
		if own.secret {
			where = "configMap"
		}
		if len(has) == 0 && len(own.keys) == 0 {
			r.ps.add(own.at, "spec.variables hold nothing for this volume; declare what it brings there, or name another source")
		}
		for _, key := range own.keys {
			switch {
			case slices.Contains(has, key):
			case slices.Contains(other, key):
				r.ps.add(own.at, "%s is to be picked from %s: what is secret in spec.variables is kept in the Secret, the rest in the ConfigMap", key, where)
			default:
				r.ps.add(own.at, "spec.variables have no %s", key)
			}
		}
	}
}

// keys lists what is kept in the ConfigMap or Secret of a container, or of the module ("").
func (s *store) keys(container string, secret bool) []string {
	if secret {
		return sortedKeys(s.secrets[s.secretName(container)])
	}
	c := s.configs[s.configName(container)]
	if c == nil {
		return nil
	}
	return append(sortedKeys(c.text), sortedKeys(c.binary)...)
}
