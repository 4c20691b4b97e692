package manifest

import (
	"encoding/base64"
	pathpkg "path"
	"strconv"
	"strings"
	"unicode/utf8"

	corev1 "k8s.io/api/core/v1"

	"github.com/slipway-dev/slipway/engine/placeholder"
)

// files gives the volume that holds the files of a container and one mount for each. A file is mounted by itself, so
// that the image's other files in the same directory stay visible. Plain files are kept in the ConfigMap of the module,
// secret ones in its Secret; one projected volume brings both together under their own paths and modes.
func (r *renderer) files(id string, c map[string]any, at path) (*corev1.Volume, []corev1.VolumeMount) {
	given := r.ps.object(c["files"], at.key("files"))
	if len(given) == 0 {
		return nil, nil
	}
	name := joinName(maxLabel, "files", id)
	var plainItems, secretItems []corev1.KeyToPath
	var mounts []corev1.VolumeMount
	for _, target := range sortedKeys(given) {
		place := at.key("files").key(target)
		if !r.filePath(target, given, place) {
			continue
		}
		file := r.ps.object(given[target], place)
		r.ps.known(file, place, "mode", "value", "binaryContent")
		content, secret, ok := r.fileContent(file, place)
		if !ok {
			continue
		}
		item := corev1.KeyToPath{Key: fileKey(id, target), Path: strings.TrimPrefix(target, "/"), Mode: r.fileMode(file["mode"], place.key("mode"))}
		if secret {
			r.store.setSecret("", item.Key, content)
			secretItems = append(secretItems, item)
		} else {
			r.store.config("").setFile(item.Key, content)
			plainItems = append(plainItems, item)
		}
		mounts = append(mounts, corev1.VolumeMount{Name: name, MountPath: target, SubPath: item.Path, ReadOnly: true})
	}
	return &corev1.Volume{Name: name, VolumeSource: r.projected(plainItems, secretItems)}, mounts
}

// projected is a volume of items of the module's ConfigMap and Secret.
func (r *renderer) projected(config, secret []corev1.KeyToPath) corev1.VolumeSource {
	source := &corev1.ProjectedVolumeSource{}
	if config != nil {
		source.Sources = append(source.Sources, corev1.VolumeProjection{ConfigMap: &corev1.ConfigMapProjection{
			LocalObjectReference: corev1.LocalObjectReference{Name: r.store.configName("")}, Items: config,
		}})
	}
	if secret != nil {
		source.Sources = append(source.Sources, corev1.VolumeProjection{Secret: &corev1.SecretProjection{
			LocalObjectReference: corev1.LocalObjectReference{Name: r.store.secretName("")}, Items: secret,
		}})
	}
	return corev1.VolumeSource{Projected: source}
}

func (c *config) setFile(key string, content []byte) {
	if utf8.Valid(content) {
		c.text[key] = string(content)
		return
	}
	c.binary[key] = content
}

// fileKey names a file inside its ConfigMap or Secret: readable, and different for each container and path.
func fileKey(container, target string) string {
	readable := strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return '_'
	}, pathpkg.Base(target))
	return "file-" + digest(container + ":" + target)[:12] + "-" + readable[:min(len(readable), 200)]
}

// filePath checks the path of a file: absolute, and not below another file. The original asks for a directory around a
// file, because it mounts directories; mounting single files does not need one, and public Score files have none.
func (r *renderer) filePath(target string, all map[string]any, at path) bool {
	switch {
	case !strings.HasPrefix(target, "/") || pathpkg.Clean(target) != target || strings.ContainsAny(target, ":\x00"):
		r.ps.add(at, "expected an absolute path without : and without . or .. elements")
		return false
	case target == "/":
		r.ps.add(at, "expected the path of a file")
		return false
	}
	for dir := pathpkg.Dir(target); dir != "/"; dir = pathpkg.Dir(dir) {
		if _, ok := all[dir]; ok {
			r.ps.add(at, "%s is a file too and cannot also be a directory", dir)
			return false
		}
	}
	return true
}

// fileContent reads value (text, in which a placeholder may have put any JSON value) or binaryContent (base64).
func (r *renderer) fileContent(file map[string]any, at path) (content []byte, secret, ok bool) {
	value, binary := file["value"], file["binaryContent"]
	if (value == nil) == (binary == nil) {
		r.ps.add(at, "expected exactly one of value and binaryContent")
		return nil, false, false
	}
	if binary != nil {
		return r.binaryContent(binary, at.key("binaryContent"))
	}
	s, secret, err := text(value)
	if err != nil {
		r.ps.add(at.key("value"), "%s", err)
		return nil, false, false
	}
	return []byte(s), secret, true
}

func (r *renderer) binaryContent(v any, at path) (content []byte, secret, ok bool) {
	secret = isSecret(v)
	encoded, isText := placeholder.Reveal(v).(string)
	content, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || !isText {
		r.ps.add(at, "expected base64 text")
		return nil, false, false
	}
	return content, secret, true
}

// fileMode reads octal digits such as "0644"; "" and absence leave the default of Kubernetes, 0644.
func (r *renderer) fileMode(v any, at path) *int32 {
	written := r.ps.str(v, at)
	if written == "" {
		return nil
	}
	mode, err := strconv.ParseUint(written, 8, 32)
	if err != nil || mode > 0o777 {
		r.ps.add(at, "expected octal digits from 0000 to 0777, got %q", written)
		return nil
	}
	narrow := int32(mode) // at most 0777
	return &narrow
}
