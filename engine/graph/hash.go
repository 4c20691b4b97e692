package graph

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/slipway-dev/slipway/engine/resource"
)

// Hash names the graph by its content: SHA-256, base64url without padding, 43 characters. It covers the resources,
// their unresolved inputs, their dependencies, and the definitions with their content; not how they were found. As
// nothing in a node is resolved, ids that change with every deployment are not in it. Two environments with the same
// needs have the same hash.
func (g *Graph) Hash() string {
	sum := sha256.New()
	definitions := map[*resource.Definition]string{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if _, ok := definitions[n.Definition]; !ok && n.Definition != nil {
			definitions[n.Definition] = definitionHash(n.Definition)
		}
		sum.Write(canonical([]any{n.Key, definitions[n.Definition], n.CriteriaID, n.Inputs, n.DependsOn}))
		sum.Write([]byte{'\n'})
	}
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil))
}

// definitionHash covers what of a definition decides about its resources. Criteria do not; they only select it.
func definitionHash(d *resource.Definition) string {
	sum := sha256.Sum256(canonical([]any{
		d.ID, d.VersionID, d.Type, d.DriverType, d.DriverAccount, d.Values, d.SecretRefs, d.Provision, d.InPlaceDriverChange,
	}))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// canonical gives one text for equal content: encoding/json sorts the keys of maps. A tree that JSON cannot express
// still gets a text of its own, from fmt, which sorts them too.
func canonical(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Appendf(nil, "%#v", v)
	}
	return text
}
