package orchestrator

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/engine/manifest"
)

// latestChart is the version of a chart that means the newest one.
const latestChart = "latest"

// WorkloadProfileView is a version of a workload profile as an organization has it.
type WorkloadProfileView struct {
	OrgID, ID, Version              string // Version is that of the profile
	Description, DeprecationMessage string
	SpecDefinition                  map[string]any
	SpecSchema                      map[string]any // computed
	Chart                           manifest.ChartReference
	CreatedAt                       time.Time
	CreatedBy                       string
	UpdatedAt                       time.Time
	UpdatedBy                       string
}

// QualifiedID is the id that modules refer to, such as humanitec/default-module.
func (p WorkloadProfileView) QualifiedID() string { return p.OrgID + "/" + p.ID }

// WorkloadProfileRequest is a new version of a profile.
type WorkloadProfileRequest struct {
	ID                 string
	Version            string // "" = a UUID
	Description        string
	DeprecationMessage string
	SpecDefinition     map[string]any
	Chart              manifest.ChartReference
}

// ListWorkloadProfiles lists the profiles that workloads can have, the built-in
// ones first, each by id; deprecated ones only when that is true.
func (s *Service) ListWorkloadProfiles(ctx context.Context, org string, deprecated bool) ([]WorkloadProfileView, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	views, err := s.builtinProfiles(ctx, org)
	if err != nil {
		return nil, err
	}
	own, err := s.store.ListWorkloadProfiles(ctx, org)
	if err != nil {
		return nil, err
	}
	for i := range own {
		view, err := s.viewProfile(ctx, &own[i])
		if err != nil {
			return nil, err
		}
		if view.DeprecationMessage == "" || deprecated {
			views = append(views, *view)
		}
	}
	return views, nil
}

func (s *Service) builtinProfiles(ctx context.Context, org string) ([]WorkloadProfileView, error) {
	owner, err := s.store.GetOrganization(ctx, org)
	if err != nil {
		return nil, err
	}
	var views []WorkloadProfileView
	for _, p := range manifest.Profiles() {
		definition := map[string]any{}
		raw, err := json.Marshal(p.SpecDefinition)
		if err == nil {
			err = json.Unmarshal(raw, &definition)
		}
		if err != nil {
			return nil, fmt.Errorf("reading workload profile %s: %w", p.ID, err)
		}
		views = append(views, WorkloadProfileView{
			OrgID: p.OrgID, ID: p.ID, Version: p.Version, Description: p.Description, SpecDefinition: definition, SpecSchema: p.SpecSchema,
			Chart: p.Chart, CreatedAt: owner.CreatedAt, CreatedBy: SystemActor.UserID, UpdatedAt: owner.CreatedAt, UpdatedBy: SystemActor.UserID,
		})
	}
	return views, nil
}

func (s *Service) viewProfile(ctx context.Context, p *WorkloadProfile) (*WorkloadProfileView, error) {
	v, err := s.store.GetWorkloadProfileVersion(ctx, p.OrgID, p.ID, p.Latest)
	if err != nil {
		return nil, err
	}
	view, err := viewVersion(v)
	if err != nil {
		return nil, err
	}
	view.CreatedAt, view.CreatedBy, view.UpdatedAt, view.UpdatedBy = p.CreatedAt, p.CreatedBy, p.UpdatedAt, p.UpdatedBy
	return view, nil
}

func viewVersion(v *WorkloadProfileVersion) (*WorkloadProfileView, error) {
	specSchema, err := manifest.SchemaOfDefinition(v.SpecDefinition)
	if err != nil {
		return nil, Wrapf(CodeInternal, err, "the definition of workload profile %q, version %q, cannot be read", v.ProfileID, v.ID)
	}
	return &WorkloadProfileView{
		OrgID: v.OrgID, ID: v.ProfileID, Version: v.ID, Description: v.Description, DeprecationMessage: v.DeprecationMessage,
		SpecDefinition: orEmpty(v.SpecDefinition), SpecSchema: specSchema, Chart: manifest.ChartReference{ID: v.ChartID, Version: v.ChartVersion},
		CreatedAt: v.CreatedAt, CreatedBy: v.CreatedBy, UpdatedAt: v.CreatedAt, UpdatedBy: v.CreatedBy,
	}, nil
}

// GetWorkloadProfile finds a profile by <organization>/<id>, or by its id alone:
// that of the organization before the built-in one.
func (s *Service) GetWorkloadProfile(ctx context.Context, org, qid string) (*WorkloadProfileView, error) {
	versions, err := s.ListWorkloadProfileVersions(ctx, org, qid)
	if err != nil {
		return nil, err
	}
	latest := versions[0]
	if latest.OrgID != org {
		return &latest, nil
	}
	p, err := s.store.GetWorkloadProfile(ctx, org, latest.ID)
	if err != nil {
		return nil, err
	}
	return s.viewProfile(ctx, p)
}

// ListWorkloadProfileVersions lists the versions of a profile, newest first.
func (s *Service) ListWorkloadProfileVersions(ctx context.Context, org, qid string) ([]WorkloadProfileView, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	if id, own := ownProfileID(org, qid); own {
		versions, err := s.store.ListWorkloadProfileVersions(ctx, org, id)
		if err != nil {
			return nil, err
		}
		out := make([]WorkloadProfileView, 0, len(versions))
		for i := range versions {
			view, err := viewVersion(&versions[i])
			if err != nil {
				return nil, err
			}
			out = append(out, *view)
		}
		if len(out) > 0 {
			return out, nil
		}
	}
	builtin, err := s.builtinProfiles(ctx, org)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(builtin, func(v WorkloadProfileView) bool { return v.ID == qid || v.QualifiedID() == qid })
	if i < 0 {
		return nil, NotFoundf("workload profile %q does not exist", qid)
	}
	return builtin[i : i+1], nil
}

// ownProfileID is the id of a profile of the organization; own is false when
// the name is that of another one's.
func ownProfileID(org, qid string) (id string, own bool) {
	owner, id, qualified := strings.Cut(qid, "/")
	if !qualified {
		return qid, true
	}
	return id, owner == org
}

// ListWorkloadProfileFeatures lists what the specs of workloads are made of.
func (s *Service) ListWorkloadProfileFeatures(ctx context.Context, org string) ([]manifest.Feature, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	return manifest.Features(), nil
}

// CreateWorkloadProfile creates a profile with its first version.
func (s *Service) CreateWorkloadProfile(ctx context.Context, org string, req WorkloadProfileRequest) (*WorkloadProfileView, error) {
	if err := s.requireOrgPerm(ctx, org, PermPlatformWrite); err != nil {
		return nil, err
	}
	if err := checkRecordID("id", req.ID); err != nil {
		return nil, err
	}
	if err := s.checkProfile(ctx, org, &req); err != nil {
		return nil, err
	}
	at, by := s.now(), ActorFrom(ctx).UserID
	p := &WorkloadProfile{OrgID: org, ID: req.ID, Latest: req.Version, CreatedAt: at, CreatedBy: by, UpdatedAt: at, UpdatedBy: by}
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.CreateWorkloadProfile(ctx, p); err != nil {
			return err
		}
		if err := s.store.CreateWorkloadProfileVersion(ctx, profileVersion(org, req, at, by)); err != nil {
			return err
		}
		return s.audit(ctx, created(org, "workload-profile", profileObjectPath(org, p.ID), p))
	})
	if err != nil {
		return nil, err
	}
	return s.viewProfile(ctx, p)
}

// UpdateWorkloadProfile adds a version to a profile of the organization;
// workloads use the latest.
func (s *Service) UpdateWorkloadProfile(ctx context.Context, org, qid string, req WorkloadProfileRequest) (*WorkloadProfileView, error) {
	if err := s.requireOrgPerm(ctx, org, PermPlatformWrite); err != nil {
		return nil, err
	}
	if err := s.checkProfile(ctx, org, &req); err != nil {
		return nil, err
	}
	var p *WorkloadProfile
	err := s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if p, err = s.ownProfile(ctx, org, qid); err != nil {
			return err
		}
		req.ID = p.ID
		before := snapshot(p)
		p.Latest, p.UpdatedAt, p.UpdatedBy = req.Version, later(s.now(), p.UpdatedAt), ActorFrom(ctx).UserID
		if err := s.store.CreateWorkloadProfileVersion(ctx, profileVersion(org, req, p.UpdatedAt, p.UpdatedBy)); err != nil {
			return err
		}
		if err := stale(s.store.UpdateWorkloadProfile(ctx, p)); err != nil {
			return err
		}
		return s.audit(ctx, updated(org, "workload-profile", profileObjectPath(org, p.ID), before, p))
	})
	if err != nil {
		return nil, err
	}
	return s.viewProfile(ctx, p)
}

// later is now, or the moment after before: the order of versions is that of their times.
func later(now, before time.Time) time.Time {
	if !now.After(before) {
		return before.Add(time.Microsecond)
	}
	return now
}

// DeleteWorkloadProfile deletes a profile of the organization with all its versions.
func (s *Service) DeleteWorkloadProfile(ctx context.Context, org, qid string) error {
	if err := s.requireOrgPerm(ctx, org, PermPlatformWrite); err != nil {
		return err
	}
	p, err := s.ownProfile(ctx, org, qid)
	if err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		return deleted(org, "workload-profile", profileObjectPath(org, p.ID), p), s.store.DeleteWorkloadProfile(ctx, org, p.ID)
	})
}

func profileObjectPath(org, id string) string { return OrgObject(org) + "/workload-profiles/" + id }

// ownProfile finds a profile that the organization may change.
func (s *Service) ownProfile(ctx context.Context, org, qid string) (*WorkloadProfile, error) {
	id, own := ownProfileID(org, qid)
	if own {
		p, err := s.store.GetWorkloadProfile(ctx, org, id)
		if !IsNotFound(err) {
			return p, err
		}
	}
	if _, err := s.ListWorkloadProfileVersions(ctx, org, qid); err != nil {
		return nil, err
	}
	return nil, Invalidf("workload profile %q belongs to another organization and cannot be changed", qid)
}

func profileVersion(org string, req WorkloadProfileRequest, at time.Time, by string) *WorkloadProfileVersion {
	return &WorkloadProfileVersion{
		OrgID: org, ProfileID: req.ID, ID: req.Version, Description: req.Description, DeprecationMessage: req.DeprecationMessage,
		SpecDefinition: req.SpecDefinition, ChartID: req.Chart.ID, ChartVersion: req.Chart.Version, CreatedAt: at, CreatedBy: by,
	}
}

// checkProfile judges a version and names it when the client did not.
func (s *Service) checkProfile(ctx context.Context, org string, req *WorkloadProfileRequest) error {
	if req.Version == "" {
		req.Version = newUUID()
	}
	for field, text := range map[string]string{"version": req.Version, "description": req.Description, "deprecation_message": req.DeprecationMessage} {
		if err := checkText(field, text); err != nil {
			return err
		}
	}
	if len(req.Version) > maxKey || req.Version == latestChart {
		return Invalidf("version: %q is not valid; use another text, at most %d characters", shorten(req.Version), maxKey)
	}
	if req.SpecDefinition == nil {
		return Invalidf("spec_definition: it is required; {} describes a spec that may hold anything")
	}
	if err := checkSize("spec_definition", req.SpecDefinition); err != nil {
		return err
	}
	if _, err := manifest.SchemaOfDefinition(req.SpecDefinition); err != nil {
		return Invalidf("%v", err)
	}
	if req.Chart.ID == "" || req.Chart.Version == "" {
		return Invalidf("workload_profile_chart: id and version are both required; the version latest means the newest one")
	}
	_, err := findChart(ctx, s.store, org, req.Chart)
	if IsNotFound(err) {
		return Invalidf("workload_profile_chart: there is no chart %q with the version %q; upload it first", shorten(req.Chart.ID), shorten(req.Chart.Version))
	}
	return err
}

// findChart finds a version of a chart, or the newest for latest.
func findChart(ctx context.Context, store Store, org string, ref manifest.ChartReference) (*WorkloadProfileChart, error) {
	version := ref.Version
	if version == latestChart {
		all, err := store.ListWorkloadProfileCharts(ctx, org)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(all, func(c WorkloadProfileChart) bool { return c.ID == ref.ID })
		if i < 0 {
			return nil, NotFoundf("chart %q does not exist", ref.ID)
		}
		version = all[i].ChartVersion
	}
	return store.GetWorkloadProfileChart(ctx, org, ref.ID, version)
}

// ListWorkloadProfileCharts lists the versions of charts, newest first; id and
// version filter unless they are "".
func (s *Service) ListWorkloadProfileCharts(ctx context.Context, org, id, version string) ([]WorkloadProfileChart, error) {
	if err := s.requireOrg(ctx, org); err != nil {
		return nil, err
	}
	all, err := s.store.ListWorkloadProfileCharts(ctx, org)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(c WorkloadProfileChart) bool {
		return id != "" && c.ID != id || version != "" && c.ChartVersion != version
	}), nil
}

// AddWorkloadProfileChart stores a packaged Helm chart, which is read when the
// caller may send one; name and version are those of its Chart.yaml, and a
// version never changes.
func (s *Service) AddWorkloadProfileChart(ctx context.Context, org string, read func() ([]byte, error)) (*WorkloadProfileChart, error) {
	if err := s.requireOrgPerm(ctx, org, PermPlatformWrite); err != nil {
		return nil, err
	}
	if s.charts == nil {
		return nil, Errorf(CodeUnavailable, "this server cannot read charts")
	}
	archive, err := read()
	if err != nil {
		return nil, err
	}
	name, version, err := s.charts.Inspect(ctx, archive)
	if err != nil {
		return nil, err
	}
	if len(name) > maxKey || len(version) > maxKey || name == "" || version == "" || version == latestChart {
		return nil, Invalidf("Chart.yaml: name and version are required, at most %d characters each, and the version cannot be latest", maxKey)
	}
	c := &WorkloadProfileChart{OrgID: org, ID: name, ChartVersion: version, Archive: archive, CreatedAt: s.now(), CreatedBy: ActorFrom(ctx).UserID}
	return c, s.audited(ctx, func(ctx context.Context) (Change, error) {
		change := created(org, "workload-profile-chart", OrgObject(org)+"/workload-profile-chart-versions/"+name+"/"+version,
			map[string]any{"id": name, "version": version, "bytes": len(archive)})
		return change, s.store.CreateWorkloadProfileChart(ctx, c)
	})
}
