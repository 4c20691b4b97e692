package manifest

import (
	"slices"
	"strings"

	"sigs.k8s.io/yaml"
)

// Images lists the images that the pods of a workload use, each once, in order: of its containers and init containers and
// of those that resources bring along. What is no text, or no container, is left to Render to report.
func Images(w Workload) []string {
	var out []string
	add := func(container any) {
		c, _ := container.(map[string]any)
		if image, ok := c["image"].(string); ok && image != "" {
			out = append(out, image)
		}
	}
	containers, _ := w.Spec["containers"].(map[string]any)
	for _, c := range containers {
		add(c)
	}
	pod, _ := w.Spec["pod"].(map[string]any)
	for _, list := range []any{w.Spec["extraContainers"], pod["initContainers"]} {
		items, _ := list.([]any)
		for _, c := range items {
			add(c)
		}
	}
	for _, injection := range w.Injected {
		if injection.location() != locationContainers {
			continue
		}
		data := injection.Data
		if text, ok := data.(string); ok {
			data = nil
			if yaml.Unmarshal([]byte(text), &data) != nil {
				continue
			}
		}
		add(data)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// dockerHub is the registry of images that name none.
const dockerHub = "docker.io"

// ImageIn tells whether an image is of a registry: a domain, or a domain and the beginning of a path. Images without a
// domain are those of docker.io.
func ImageIn(image, registry string) bool {
	have, want := wholeImage(image), normalRegistry(registry)
	rest, ok := strings.CutPrefix(have, want)
	return ok && (strings.HasPrefix(rest, "/") || strings.Contains(want, "/") && (rest == "" || rest[0] == ':' || rest[0] == '@'))
}

func wholeImage(image string) string {
	first, rest, found := strings.Cut(image, "/")
	if !found {
		return dockerHub + "/library/" + image
	}
	if !strings.ContainsAny(first, ".:") && first != "localhost" {
		return dockerHub + "/" + image
	}
	return normalRegistry(first) + "/" + rest
}

// normalRegistry writes the domain in lower case; the old name of docker.io is the same registry.
func normalRegistry(registry string) string {
	domain, path, found := strings.Cut(strings.TrimSuffix(registry, "/"), "/")
	domain = strings.ToLower(domain)
	if domain == "index."+dockerHub {
		domain = dockerHub
	}
	if !found {
		return domain
	}
	return domain + "/" + path
}
