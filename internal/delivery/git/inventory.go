package git

import (
	"fmt"
	"path"
	"strings"

	"sigs.k8s.io/yaml"
)

const (
	inventoryFile     = ".slipway.yaml"
	kustomizationFile = "kustomization.yaml"
	inventoryVersion  = 1

	kustomizationHeader = "# Written by Slipway at every deployment; changes are overwritten.\n"
)

// inventory says what in a directory is Slipway's. Files maps names relative to the directory to the SHA-256 of the
// content, in hexadecimal. It holds nothing that differs from one Deployment to the next when the files do not.
type inventory struct {
	Version     int               `json:"version"`
	Environment string            `json:"environment"`
	Files       map[string]string `json:"files"`
}

func parseInventory(raw []byte) (inventory, error) {
	var inv inventory
	if err := yaml.Unmarshal(raw, &inv); err != nil {
		return inventory{}, refused("the inventory %s cannot be read; restore it from the history, or remove it with the files it lists", inventoryFile)
	}
	if inv.Version != inventoryVersion {
		return inventory{}, refused("the inventory %s has version %d; this release reads %d", inventoryFile, inv.Version, inventoryVersion)
	}
	for name := range inv.Files {
		if !insideDirectory(name) {
			return inventory{}, refused("the inventory %s lists %q, which is outside its directory", inventoryFile, name)
		}
	}
	return inv, nil
}

// inventoryOfKustomization stands in for an inventory that somebody removed: a kustomization.yaml with our header lists
// what we wrote. Digests are unknown, so Secrets are encrypted anew.
func inventoryOfKustomization(raw []byte) (inventory, bool) {
	if !strings.HasPrefix(string(raw), kustomizationHeader) {
		return inventory{}, false
	}
	var k kustomization
	if err := yaml.Unmarshal(raw, &k); err != nil {
		return inventory{}, false
	}
	inv := inventory{Version: inventoryVersion, Files: map[string]string{kustomizationFile: ""}}
	for _, name := range k.Resources {
		if insideDirectory(name) {
			inv.Files[name] = ""
		}
	}
	return inv, true
}

func insideDirectory(name string) bool {
	return name != "" && name != "." && path.Clean(name) == name && !path.IsAbs(name) && name != ".." && !strings.HasPrefix(name, "../")
}

type kustomization struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Resources  []string `json:"resources"`
	// GeneratorOptions has no effect without generators. It keeps a kustomization without resources from counting as
	// empty, which kustomize refuses.
	GeneratorOptions map[string]any `json:"generatorOptions,omitempty"`
}

func (inv inventory) marshal() ([]byte, error) {
	raw, err := yaml.Marshal(inv)
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", inventoryFile, err)
	}
	return append([]byte("# Written by Slipway: the files in this directory that it may replace and remove.\n"), raw...), nil
}

func marshalKustomization(resources []string) ([]byte, error) {
	k := kustomization{APIVersion: "kustomize.config.k8s.io/v1beta1", Kind: "Kustomization", Resources: resources}
	if len(resources) == 0 {
		k.Resources = []string{}
		k.GeneratorOptions = map[string]any{"disableNameSuffixHash": true}
	}
	raw, err := yaml.Marshal(k)
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", kustomizationFile, err)
	}
	return append([]byte(kustomizationHeader), raw...), nil
}
