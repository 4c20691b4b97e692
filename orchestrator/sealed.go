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
// outputs, the manifests that hold its data, the trace of the driver that its
// record names, and those of drivers that were to take it over in place and have
// not succeeded, in the order of their last calls.
type sealedResource struct {
	Secrets   map[string]any     `json:"secrets,omitempty"`
	Manifests []drivers.Manifest `json:"manifests,omitempty"`
	driverTrace
	Attempts []attempt `json:"attempts,omitempty"`
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
	return unsealWith(d.keeper, ad, sealed, into)
}

func unsealWith(keeper Keeper, ad string, sealed []byte, into any) error {
	if len(sealed) == 0 {
		return nil
	}
	raw, err := keeper.Decrypt(sealed, []byte(ad))
	if err != nil {
		return fmt.Errorf("decrypting %s: %w", ad, err)
	}
	return json.Unmarshal(raw, into)
}

func (d *Deployer) openResource(r *ActiveResource) (sealedResource, error) {
	return openSealed(d.keeper, r)
}

// openSealed decrypts what an active resource keeps.
func openSealed(keeper Keeper, r *ActiveResource) (sealedResource, error) {
	var out sealedResource
	err := unsealWith(keeper, resourceAD(r), r.Sealed, &out)
	return out, err
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
