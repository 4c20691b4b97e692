package orchestrator

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/slipway-dev/slipway/engine/deployset"
	"github.com/slipway-dev/slipway/engine/graph"
	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/engine/resource"
)

// maxGraphRequests is how many resources one request may name.
const maxGraphRequests = 1000

// GetGraph returns a stored resource graph of an environment.
func (s *Service) GetGraph(ctx context.Context, ref EnvRef, id string) (*GraphRecord, error) {
	if err := s.requireApp(ctx, ref.OrgID, ref.AppID, RoleViewer); err != nil {
		return nil, err
	}
	return s.store.GetGraph(ctx, ref, id)
}

// CreateGraph computes the graph of the given resources and all they need in
// the environment, and stores it; an equal one is stored once. Nothing is
// provisioned. It answers CodeInvalid with every problem in details.problems.
func (s *Service) CreateGraph(ctx context.Context, ref EnvRef, requests []graph.Request) (*GraphRecord, error) {
	nodes, err := s.QueryGraph(ctx, ref, requests)
	if err != nil {
		return nil, err
	}
	content, err := json.Marshal(nodes)
	if err != nil {
		return nil, fmt.Errorf("encoding a resource graph: %w", err)
	}
	sum := sha256.Sum256(content)
	at := s.now()
	var id string
	err = s.audited(ctx, func(ctx context.Context) (Change, error) {
		var err error
		id, err = s.store.PutGraph(ctx, &GraphRecord{
			OrgID: ref.OrgID, AppID: ref.AppID, EnvID: ref.EnvID, ID: newUUID(), Nodes: nodes,
			Hash: base64.RawURLEncoding.EncodeToString(sum[:]), CreatedAt: at, UsedAt: at,
		})
		return created(ref.OrgID, "dependency-graph", EnvObject(ref)+"/resources/graphs/"+id, map[string]any{"id": id}), err
	})
	if err != nil {
		return nil, err
	}
	return s.store.GetGraph(ctx, ref, id)
}

// QueryGraph computes like CreateGraph and stores nothing. Dependencies come
// before what needs them.
func (s *Service) QueryGraph(ctx context.Context, ref EnvRef, requests []graph.Request) ([]GraphNode, error) {
	if err := s.requireApp(ctx, ref.OrgID, ref.AppID, RoleDeveloper); err != nil {
		return nil, err
	}
	env, err := s.store.GetEnvironment(ctx, ref)
	if err != nil {
		return nil, err
	}
	if err := checkGraphRequests(requests); err != nil {
		return nil, err
	}
	book, err := loadRegisteredDrivers(ctx, s.store, env.OrgID)
	if err != nil {
		return nil, err
	}
	in, err := GraphInput(ctx, s.store, env, book.defaults(s.drivers.Defaults))
	if err != nil {
		return nil, err
	}
	in.Set, in.Extra, in.Implicit = deployset.Set{}, requests, []resource.Key{}
	g, err := graph.Build(in)
	if err != nil {
		return nil, graphProblems(err)
	}
	return s.describeGraph(ctx, ref, g, in.Types)
}

func checkGraphRequests(requests []graph.Request) error {
	if len(requests) > maxGraphRequests {
		return Invalidf("a graph can be asked for %d resources at most, these are %d", maxGraphRequests, len(requests))
	}
	for i, r := range requests {
		parsed, err := resource.ParseRef(r.Key.Type)
		if err != nil || parsed.Type != r.Key.Type {
			return Invalidf("[%d].type: %q is not a resource type", i, shorten(r.Key.Type))
		}
		if r.Key.ID == "" {
			return Invalidf("[%d].id: the id of the resource is required", i)
		}
		if _, err := resource.ParseRef(r.Key.Normalized().String()); err != nil {
			return Invalidf("[%d]: %v", i, err)
		}
	}
	return nil
}

// graphProblems makes what the graph builder found an error for the client.
func graphProblems(err error) error {
	build := graph.AsBuildError(err)
	if build == nil {
		var cycle *graph.CycleError
		if errors.As(err, &cycle) {
			return Invalidf("%v", cycle)
		}
		return err
	}
	problems := make([]map[string]any, 0, len(build.Problems))
	for _, p := range build.Problems {
		problems = append(problems, map[string]any{
			"kind": p.Kind, "message": p.Message, "location": p.Location,
			"type": p.Node.Type, "class": p.Node.Class, "id": p.Node.ID,
		})
	}
	fault := Invalidf("%v", build)
	fault.Details = map[string]any{"problems": problems}
	return fault
}

// describeGraph makes the nodes as the API shows them. A resource that exists
// has its GUResID; one that does not yet has an id made from its name, which
// only tells the nodes of a graph apart.
func (s *Service) describeGraph(ctx context.Context, ref EnvRef, g *graph.Graph, types []resource.Type) ([]GraphNode, error) {
	existing, err := s.store.ListActiveResources(ctx, ref)
	if err != nil {
		return nil, err
	}
	targets, err := s.driverTargets(ctx, ref.OrgID)
	if err != nil {
		return nil, err
	}
	ids := make(map[resource.Key]string, len(g.Nodes))
	for _, r := range existing {
		ids[r.Key] = r.GUResID
	}
	schemas := make(map[string]map[string]any, len(types))
	for _, t := range types {
		schemas[t.ID] = t.OutputsSchema
	}
	out := make([]GraphNode, 0, len(g.Nodes))
	for i := range g.Nodes {
		planned := &g.Nodes[i]
		if ids[planned.Key] == "" {
			ids[planned.Key] = nominalID(ref, planned.Key)
		}
		node := describeNode(planned)
		node.GUResID, node.ResourceSchema = ids[planned.Key], orEmpty(schemas[planned.Key.Type])
		node.Target = targets[node.DriverType]
		for _, dep := range planned.DependsOn {
			node.DependsOn = append(node.DependsOn, ids[dep])
		}
		out = append(out, node)
	}
	return out, nil
}

func describeNode(planned *graph.Node) GraphNode {
	node := GraphNode{
		Type: planned.Key.Type, Class: planned.Key.Class, ID: planned.Key.ID, CriteriaID: planned.CriteriaID,
		Driver: map[string]any{}, Resource: orEmpty(planned.Inputs), DependsOn: []string{},
	}
	def := planned.Definition
	if def == nil {
		return node
	}
	node.DefID, node.DefVersionID, node.DriverType, node.DriverAccount = def.ID, def.VersionID, def.DriverType, def.DriverAccount
	node.InPlaceDriverChange = def.InPlaceDriverChange
	node.Driver["values"] = orEmpty(def.Values)
	if len(def.SecretRefs) > 0 {
		node.Driver["secret_refs"] = shownSecretRefs(def.SecretRefs)
	}
	return node
}

// driverTargets are the addresses of the drivers that the organization registered.
func (s *Service) driverTargets(ctx context.Context, org string) (map[string]string, error) {
	registered, err := s.store.ListDrivers(ctx, org)
	if err != nil {
		return nil, err
	}
	targets := make(map[string]string, len(registered))
	for _, d := range registered {
		targets[d.OrgID+"/"+d.ID] = d.Target
	}
	return targets, nil
}

// nominalID has the shape of a GUResID.
func nominalID(ref EnvRef, key resource.Key) string {
	sum := sha256.Sum256([]byte(ref.String() + placeholder.Child("", key.String())))
	return hex.EncodeToString(sum[:20])
}
