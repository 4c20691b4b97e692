package orchestrator

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Clusters looks for what Slipway has left behind in clusters of one kind.
type Clusters interface {
	// Identify names the cluster as the inventory does.
	Identify(t Target) (kind, url string, err error)
	// Labelled lists the objects that carry the labels of Slipway with this
	// organization, but for those that controllers made. What the credentials do
	// not let it list is named in unread, for people.
	Labelled(ctx context.Context, t Target) (found []ClusterObject, unread []string, err error)
	// Gone lists those of the entries whose objects are not in the cluster.
	Gone(ctx context.Context, t Target, entries []InventoryEntry) ([]InventoryEntry, error)
	// DeleteObject deletes an object unless it was made anew or labelled as
	// another's since it was found. One that is gone already is no error.
	DeleteObject(ctx context.Context, t Target, o ClusterObject) error
}

// ClusterObject is an object in a cluster that carries the labels of Slipway.
type ClusterObject struct {
	AppID, EnvID string // as its labels say
	APIVersion   string
	Kind         string
	Namespace    string
	Name         string
	UID          string
	Applied      bool // its managed fields say that Slipway has applied it; labels alone can be copied
	CreatedAt    time.Time
}

// States of an orphan.
const (
	OrphanUnknown = "unknown" // in the cluster, with the labels of Slipway, and in no inventory
	OrphanLeft    = "left"    // in the inventory, but its environment is delivered elsewhere now
	OrphanMissing = "missing" // in the inventory, and gone from the cluster
)

// Orphan is where cluster and inventory do not agree.
type Orphan struct {
	State   string
	Cluster string // as the inventory names it
	ClusterObject
	DeploymentID string // the last that intended it; "" when unknown

	entry *InventoryEntry
}

// OrphanRef names an orphan.
type OrphanRef struct{ Cluster, APIVersion, Kind, Namespace, Name string }

// Ref names the orphan.
func (o *Orphan) Ref() OrphanRef {
	return OrphanRef{o.Cluster, o.APIVersion, o.Kind, o.Namespace, o.Name}
}

// OrphanReport is what was found, and where it could not be looked.
type OrphanReport struct {
	Orphans  []Orphan
	Clusters []OrphanCluster
}

// OrphanCluster is a cluster that was looked at.
type OrphanCluster struct {
	URL    string
	Unread []string // kinds that the credentials do not let Slipway list
	Error  string   // why it could not be looked at; "" when it could

	target  Target
	adapter Clusters
}

// OrphanFilter narrows a report; empty fields do not count.
type OrphanFilter struct{ AppID, EnvID string }

func (f OrphanFilter) admits(app, env string) bool {
	return (f.AppID == "" || f.AppID == app) && (f.EnvID == "" || f.EnvID == env)
}

// maxOrphans bounds what one request deletes.
const maxOrphans = 500

// ListOrphans compares the clusters of an organization with its inventory. The
// clusters are read before the inventory, which is written before anything is
// applied: what a running deployment brings is not taken for an orphan.
func (s *Service) ListOrphans(ctx context.Context, org string, f OrphanFilter) (*OrphanReport, error) {
	if err := s.requireOrgPerm(ctx, org, PermPlatformWrite); err != nil {
		return nil, err
	}
	if f.EnvID != "" && f.AppID == "" {
		return nil, Invalidf("env_id: name the application too, with app_id")
	}
	return s.findOrphans(ctx, org, f)
}

func (s *Service) findOrphans(ctx context.Context, org string, f OrphanFilter) (*OrphanReport, error) {
	envs, err := s.environmentsOf(ctx, org)
	if err != nil {
		return nil, err
	}
	now, report, err := s.clustersOf(ctx, envs)
	if err != nil {
		return nil, err
	}
	found := make([][]ClusterObject, len(report.Clusters))
	for i := range report.Clusters {
		c := &report.Clusters[i]
		if c.Error != "" {
			continue
		}
		if found[i], c.Unread, err = c.adapter.Labelled(ctx, c.target); err != nil {
			c.Error = err.Error()
		}
	}
	known := inventoryIndex{}
	for i := range envs {
		entries, err := s.store.ListInventory(ctx, envs[i].Ref())
		if err != nil {
			return nil, err
		}
		for j := range entries {
			known.add(&entries[j])
		}
	}
	for i, c := range report.Clusters {
		report.Orphans = append(report.Orphans, compareCluster(c.URL, found[i], known, now, f)...)
		missing, err := missingFrom(ctx, c, known, f)
		if err != nil {
			report.Clusters[i].Error = cmp.Or(report.Clusters[i].Error, err.Error())
		}
		report.Orphans = append(report.Orphans, missing...)
	}
	report.addUnreachable(known, now, f)
	slices.SortFunc(report.Orphans, func(a, b Orphan) int {
		return cmp.Or(cmp.Compare(a.Cluster, b.Cluster), cmp.Compare(a.AppID, b.AppID), cmp.Compare(a.EnvID, b.EnvID),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	return report, nil
}

// environmentsOf lists all environments of an organization.
func (s *Service) environmentsOf(ctx context.Context, org string) ([]Environment, error) {
	apps, err := s.store.ListApplications(ctx, org)
	if err != nil {
		return nil, err
	}
	var out []Environment
	for _, app := range apps {
		envs, err := s.store.ListEnvironments(ctx, org, app.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, envs...)
	}
	return out, nil
}

// clustersOf says where each environment is delivered now, and lists the
// clusters among those places, each once.
func (s *Service) clustersOf(ctx context.Context, envs []Environment) (now map[EnvRef]string, report *OrphanReport, err error) {
	now, report = map[EnvRef]string{}, &OrphanReport{}
	for i := range envs {
		ref := envs[i].Ref()
		at, _, err := RuntimeClusterOf(ctx, s.store, s.keeper, ref)
		if err != nil {
			return nil, nil, err
		}
		if at == nil || at.Resource != clusterID || s.clusters[at.Target.Type] == nil {
			continue
		}
		adapter := s.clusters[at.Target.Type]
		_, url, err := adapter.Identify(at.Target)
		c := OrphanCluster{URL: url, target: at.Target, adapter: adapter}
		if err != nil {
			c.URL, c.Error = "of environment "+ref.String(), err.Error()
		}
		now[ref] = c.URL
		if !slices.ContainsFunc(report.Clusters, func(o OrphanCluster) bool { return o.URL == c.URL }) {
			report.Clusters = append(report.Clusters, c)
		}
	}
	return now, report, nil
}

// inventoryIndex finds entries by target, then by kind and name.
type inventoryIndex map[string]map[string][]*InventoryEntry

func (x inventoryIndex) add(e *InventoryEntry) {
	if x[e.Target] == nil {
		x[e.Target] = map[string][]*InventoryEntry{}
	}
	at := kindAndName(e.APIVersion, e.Kind, e.Name)
	x[e.Target][at] = append(x[e.Target][at], e)
}

// of lists the entries that may mean an object. One without a namespace means
// that of its environment, whichever that was.
func (x inventoryIndex) of(target string, o *ClusterObject) (out []*InventoryEntry) {
	for _, e := range x[target][kindAndName(o.APIVersion, o.Kind, o.Name)] {
		if e.Namespace == o.Namespace || e.Namespace == "" && e.AppID == o.AppID && e.EnvID == o.EnvID {
			out = append(out, e)
		}
	}
	return out
}

// kindAndName leaves the version out: a cluster may serve another one.
func kindAndName(apiVersion, kind, name string) string {
	group, _, found := strings.Cut(apiVersion, "/")
	if !found {
		group = ""
	}
	return group + "|" + kind + "|" + name
}

func compareCluster(url string, found []ClusterObject, known inventoryIndex, now map[EnvRef]string, f OrphanFilter) (out []Orphan) {
	for _, o := range found {
		if !f.admits(o.AppID, o.EnvID) {
			continue
		}
		entries := known.of(url, &o)
		if len(entries) == 0 {
			out = append(out, Orphan{State: OrphanUnknown, Cluster: url, ClusterObject: o})
			continue
		}
		stays := slices.ContainsFunc(entries, func(e *InventoryEntry) bool { return now[e.ref()] == url })
		if !stays {
			out = append(out, Orphan{State: OrphanLeft, Cluster: url, ClusterObject: o, DeploymentID: entries[0].DeploymentID, entry: entries[0]})
		}
	}
	return out
}

func (e *InventoryEntry) ref() EnvRef { return EnvRef{e.OrgID, e.AppID, e.EnvID} }

// missingFrom lists what the inventory has of a cluster that is not there.
func missingFrom(ctx context.Context, c OrphanCluster, known inventoryIndex, f OrphanFilter) ([]Orphan, error) {
	if c.Error != "" {
		return nil, nil
	}
	var entries []InventoryEntry
	for _, same := range known[c.URL] {
		for _, e := range same {
			if f.admits(e.AppID, e.EnvID) {
				entries = append(entries, *e)
			}
		}
	}
	gone, err := c.adapter.Gone(ctx, c.target, entries)
	var out []Orphan
	for i := range gone {
		e := &gone[i]
		out = append(out, Orphan{State: OrphanMissing, Cluster: c.URL, DeploymentID: e.DeploymentID, entry: e, ClusterObject: ClusterObject{
			AppID: e.AppID, EnvID: e.EnvID, APIVersion: e.APIVersion, Kind: e.Kind, Namespace: e.Namespace, Name: e.Name, CreatedAt: e.CreatedAt,
		}})
	}
	return out, err
}

// addUnreachable adds what was left in clusters that no environment is delivered
// to any more: there are no credentials to look with. Targets with a # are
// repositories, whose content Slipway owns as a whole.
func (r *OrphanReport) addUnreachable(known inventoryIndex, now map[EnvRef]string, f OrphanFilter) {
	failed := map[string]bool{}
	for _, c := range r.Clusters {
		failed[c.URL] = c.Error != ""
	}
	for target, byName := range known {
		_, scanned := failed[target]
		if scanned || strings.Contains(target, "#") {
			continue
		}
		before := len(r.Orphans)
		for _, same := range byName {
			for _, e := range same {
				if failed[now[e.ref()]] || !f.admits(e.AppID, e.EnvID) {
					continue
				}
				r.Orphans = append(r.Orphans, Orphan{State: OrphanLeft, Cluster: target, DeploymentID: e.DeploymentID, entry: e, ClusterObject: ClusterObject{
					AppID: e.AppID, EnvID: e.EnvID, APIVersion: e.APIVersion, Kind: e.Kind, Namespace: e.Namespace, Name: e.Name, CreatedAt: e.CreatedAt,
				}})
			}
		}
		if len(r.Orphans) > before {
			r.Clusters = append(r.Clusters, OrphanCluster{URL: target, Error: "no environment is delivered there any more, so there are no credentials to look with"})
		}
	}
}

// OrphanOutcome is what became of one orphan that was to be deleted.
type OrphanOutcome struct {
	OrphanRef
	Error string // "" = deleted, or forgotten where it was missing
}

// DeleteOrphans deletes orphans from their clusters and forgets them in the
// inventory. Each must be one still; what is none is told and left alone, so is
// what belongs to an environment with a deployment under way.
func (s *Service) DeleteOrphans(ctx context.Context, org string, refs []OrphanRef) ([]OrphanOutcome, error) {
	if err := s.requireOrgPerm(ctx, org, PermPlatformWrite); err != nil {
		return nil, err
	}
	if len(refs) == 0 || len(refs) > maxOrphans {
		return nil, Invalidf("orphans: name 1 to %d, got %d", maxOrphans, len(refs))
	}
	report, err := s.findOrphans(ctx, org, OrphanFilter{})
	if err != nil {
		return nil, err
	}
	out := make([]OrphanOutcome, 0, len(refs))
	for _, ref := range refs {
		outcome := OrphanOutcome{OrphanRef: ref}
		if err := s.deleteOrphan(ctx, org, report, ref); err != nil {
			if CodeOf(err) == CodeInternal {
				return nil, err
			}
			outcome.Error = err.Error()
		}
		out = append(out, outcome)
	}
	return out, nil
}

func (s *Service) deleteOrphan(ctx context.Context, org string, report *OrphanReport, ref OrphanRef) error {
	i := slices.IndexFunc(report.Orphans, func(o Orphan) bool { return o.Ref() == ref })
	if i < 0 {
		return Conflictf("%s %q in cluster %s is no orphan, or not any more", ref.Kind, ref.Name, ref.Cluster)
	}
	o := &report.Orphans[i]
	env := EnvRef{org, o.AppID, o.EnvID}
	if err := s.idle(ctx, env); err != nil {
		return err
	}
	c := report.Clusters[slices.IndexFunc(report.Clusters, func(c OrphanCluster) bool { return c.URL == o.Cluster })]
	if c.Error != "" {
		return Errorf(CodeUnavailable, "cluster %s: %s", c.URL, c.Error)
	}
	if o.State != OrphanMissing {
		if err := c.adapter.DeleteObject(ctx, c.target, o.ClusterObject); err != nil {
			return err
		}
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		var err error
		if o.entry != nil {
			err = s.store.DeleteInventory(ctx, []InventoryEntry{*o.entry})
		}
		return deleted(org, "orphan", fmt.Sprintf("%s/orphans/%s/%s/%s", OrgObject(org), o.Kind, o.Namespace, o.Name), map[string]any{
			"state": o.State, "cluster": o.Cluster, "api_version": o.APIVersion, "kind": o.Kind, "namespace": o.Namespace, "name": o.Name,
			"app_id": o.AppID, "env_id": o.EnvID,
		}), err
	})
}

// idle is a conflict while a deployment of the environment is under way: it may
// be about to bring what looks left behind. An environment that is gone is idle.
func (s *Service) idle(ctx context.Context, ref EnvRef) error {
	env, err := s.store.GetEnvironment(ctx, ref)
	if IsNotFound(err) {
		return nil
	}
	if err != nil || env.LastDeployID == "" {
		return err
	}
	last, err := s.store.GetDeployment(ctx, ref, env.LastDeployID)
	if err != nil {
		return err
	}
	if !last.Status.Terminal() {
		return Conflictf("deployment %s of environment %s is under way; wait for its end", last.ID, ref)
	}
	return nil
}
