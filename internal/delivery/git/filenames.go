package git

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sort"
	"strings"
)

// clusterDir holds objects without a namespace.
const clusterDir = "cluster"

// maxFileName keeps names below the 255 bytes of common file systems, with room for a suffix.
const maxFileName = 200

// fileNames gives every object its file, relative to the Environment's directory. A name depends on the object alone,
// except where two would get the same (other API group, or names that differ in letter case only): those get a suffix
// made of their identity. Two objects with one identity are refused.
func fileNames(objects []Object) ([]string, error) {
	identities := map[string]bool{}
	count := map[string]int{}
	names := make([]string, len(objects))
	for i, o := range objects {
		if identities[o.identity()] {
			return nil, refused("%s is there twice", o.ref())
		}
		identities[o.identity()] = true
		names[i] = o.fileName("")
		count[names[i]]++
	}
	for i, o := range objects {
		if count[names[i]] > 1 {
			sum := sha256.Sum256([]byte(o.identity()))
			names[i] = o.fileName("-" + hex.EncodeToString(sum[:4]))
		}
	}
	return names, nil
}

// identity leaves out the version of the API: v1 and v1beta1 of a kind are the same object in a cluster.
func (o Object) identity() string {
	group, _, found := strings.Cut(o.APIVersion, "/")
	if !found {
		group = ""
	}
	return strings.Join([]string{group, o.Kind, o.Namespace, o.Name}, "\x00")
}

func (o Object) fileName(suffix string) string {
	dir := clusterDir
	if o.Namespace != "" {
		dir = fileSafe(o.Namespace)
	}
	base := fileSafe(o.Kind + "-" + o.Name)
	if len(base) > maxFileName {
		base = base[:maxFileName]
	}
	return dir + "/" + base + suffix + ".yaml"
}

// fileSafe allows what every file system takes; RBAC names hold colons, for one.
func fileSafe(s string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '_'
	}, strings.ToLower(s))
	// No name may be "." or "..", or hidden.
	if strings.HasPrefix(safe, ".") {
		return "_" + safe[1:]
	}
	return safe
}

// applyFirst are the kinds that others need to exist; kubectl apply -k goes by the order of the list.
var applyFirst = []string{"Namespace", "CustomResourceDefinition", "StorageClass", "ServiceAccount", "Secret", "ConfigMap"}

// resourceOrder sorts file names for the kustomization: by need, then by name.
func resourceOrder(objects []Object, names []string) []string {
	rank := map[string]int{}
	for i, o := range objects {
		rank[names[i]] = len(applyFirst)
		if at := slices.Index(applyFirst, o.Kind); at >= 0 {
			rank[names[i]] = at
		}
	}
	ordered := slices.Clone(names)
	sort.Slice(ordered, func(a, b int) bool {
		if rank[ordered[a]] != rank[ordered[b]] {
			return rank[ordered[a]] < rank[ordered[b]]
		}
		return ordered[a] < ordered[b]
	})
	return ordered
}
