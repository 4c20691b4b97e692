package orchestrator

import (
	"encoding/json"
	"fmt"

	"github.com/slipway-dev/slipway/drivers"
)

// sealedNode is what a node keeps encrypted.
type sealedNode struct {
	Secrets   map[string]any     `json:"secrets,omitempty"`
	Manifests []drivers.Manifest `json:"manifests,omitempty"`
}

// sealedResource is what an active resource keeps encrypted: its secret
// outputs, the driver's cookie, and the inputs that a later Destroy needs when
// definition and dependencies may be gone.
type sealedResource struct {
	Secrets       map[string]any `json:"secrets,omitempty"`
	Cookie        string         `json:"cookie,omitempty"`
	Inputs        map[string]any `json:"inputs,omitempty"`
	DriverValues  map[string]any `json:"driver_values,omitempty"`
	DriverSecrets map[string]any `json:"driver_secrets,omitempty"`
}

func nodeAD(n *Node) string { return fmt.Sprintf("node|%s|%s|%d", n.OrgID, n.DeploymentID, n.Ordinal) }

func resourceAD(r *ActiveResource) string { return "resource|" + r.OrgID + "|" + r.GUResID }

func (d *Deployer) seal(ad string, v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encoding %s: %w", ad, err)
	}
	return d.keeper.Encrypt(raw, []byte(ad))
}

func (d *Deployer) unseal(ad string, sealed []byte, into any) error {
	if len(sealed) == 0 {
		return nil
	}
	raw, err := d.keeper.Decrypt(sealed, []byte(ad))
	if err != nil {
		return fmt.Errorf("decrypting %s: %w", ad, err)
	}
	return json.Unmarshal(raw, into)
}

func (d *Deployer) openResource(r *ActiveResource) (sealedResource, error) {
	var out sealedResource
	return out, d.unseal(resourceAD(r), r.Sealed, &out)
}

// secretRefs says where the secret outputs are kept, with their nesting.
func secretRefs(n *Node, builtin string, secrets map[string]any) map[string]any {
	base := fmt.Sprintf("orgs--%s--resources--%s", n.OrgID, n.GUResID)
	var walk func(v any, ref string) any
	walk = func(v any, ref string) any {
		m, ok := v.(map[string]any)
		if !ok {
			return map[string]any{"store": builtin, "ref": ref, "version": n.DeploymentID}
		}
		out := make(map[string]any, len(m))
		for k, child := range m {
			out[k] = walk(child, ref+"--"+k)
		}
		return out
	}
	if len(secrets) == 0 {
		return map[string]any{}
	}
	refs, _ := walk(secrets, base).(map[string]any)
	return refs
}
