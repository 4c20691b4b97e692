package orchestrator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/engine/score"
)

// ArtefactRegistration is a build that CI reports.
type ArtefactRegistration struct {
	Type   string // container | workload
	Name   string
	Tag    string // the version
	Digest string // of a container
	Ref    string
	Commit string
	// VCS is "" or git when the ref is one of git, which begins with refs/.
	VCS    string
	Source *WorkloadSource // of a workload

	// imageID, branch and tags come from the older API for images.
	imageID string
	branch  string
	tags    []string
}

var (
	tagPattern    = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.+-]*$`)
	digestPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$`) // OCI image specification
	commitPattern = regexp.MustCompile(`^[0-9a-f]{5,}$`)                                                         // CI sends SHA-1 and SHA-256
)

// RegisterArtefactVersion stores a build and, in the same transaction, what it
// means for environments that follow it. The same registration again gives the
// version that is there, so that CI may repeat it.
func (s *Service) RegisterArtefactVersion(ctx context.Context, org string, reg ArtefactRegistration) (*ArtefactVersion, error) {
	v, err := s.checkRegistration(ctx, org, reg)
	if err != nil {
		return nil, err
	}
	var stored *ArtefactVersion
	var touched []EnvRef
	var previews []*SpinUp
	err = s.inTxAgain(ctx, func(ctx context.Context) error {
		var err error
		if stored, err = s.storeArtefactVersion(ctx, *v); err != nil {
			return err
		}
		if touched, err = s.followPush(ctx, stored); err != nil {
			return err
		}
		if stored.ID == v.ID { // registering the same again starts nothing
			if err := s.collectForPipelines(ctx, stored); err != nil {
				return err
			}
		}
		if previews, err = s.followPreviews(ctx, stored); err != nil { // after it: a new preview has the image already
			return err
		}
		return s.audit(ctx, created(org, "artefact-version", artefactVersionPath(org, stored.ID), auditVersion(stored)))
	})
	if err != nil {
		return nil, err
	}
	for _, ref := range touched {
		s.handPushes(ctx, ref)
	}
	for _, up := range previews {
		s.followSpinUp(ctx, up, true)
	}
	return stored, nil
}

func artefactVersionPath(org, id string) string { return OrgObject(org) + "/artefact-versions/" + id }

// auditVersion is what the audit log keeps of a version: not what it consists of.
func auditVersion(v *ArtefactVersion) map[string]any {
	return map[string]any{
		"type": v.Type, "name": v.Name, "version": v.Tag, "digest": v.Digest, "ref": v.Ref, "commit": v.Commit, "archived": v.Archived,
	}
}

// CheckArtefactVersion validates a registration without storing anything; of a
// workload it returns what it would become.
func (s *Service) CheckArtefactVersion(ctx context.Context, org string, reg ArtefactRegistration) (*WorkloadContent, error) {
	v, err := s.checkRegistration(ctx, org, reg)
	if err != nil {
		return nil, err
	}
	return v.Set, nil
}

// checkRegistration authorizes and turns a registration into a version.
func (s *Service) checkRegistration(ctx context.Context, org string, reg ArtefactRegistration) (*ArtefactVersion, error) {
	if err := s.requireOrgPerm(ctx, org, PermArtefactsWrite); err != nil {
		return nil, err
	}
	if err := checkArtefactFields(reg); err != nil {
		return nil, err
	}
	now, actor := s.now(), ActorFrom(ctx).UserID
	v := &ArtefactVersion{
		OrgID: org, ID: newUUID(), Name: reg.Name, Type: reg.Type, Tag: reg.Tag, Digest: reg.Digest, Ref: reg.Ref, Commit: reg.Commit,
		ImageID: reg.imageID, Branch: reg.branch, Tags: reg.tags, Source: reg.Source,
		CreatedAt: now, CreatedBy: actor, UpdatedAt: now, UpdatedBy: actor,
	}
	if v.ImageID == "" {
		v.ImageID = v.Name
	}
	if reg.Type == ArtefactWorkload {
		content, err := convertSource(reg.Source)
		if err != nil {
			return nil, err
		}
		v.Set = content
	}
	var err error
	v.Fingerprint, err = fingerprintOf(v)
	return v, err
}

func checkArtefactFields(reg ArtefactRegistration) error {
	switch reg.Type {
	case ArtefactContainer:
		if reg.Source != nil {
			return Invalidf("spec: only artefacts of type %q have one; this one is a %q", ArtefactWorkload, ArtefactContainer)
		}
		if err := checkContainer(reg); err != nil {
			return err
		}
	case ArtefactWorkload:
		if reg.Source == nil || reg.Source.Spec == nil {
			return Invalidf("spec: a workload needs its Score file")
		}
		if reg.Digest != "" {
			return Invalidf("digest: only artefacts of type %q have one", ArtefactContainer)
		}
	case "":
		return Invalidf("type: expected %s or %s", ArtefactContainer, ArtefactWorkload)
	default:
		return Invalidf("type: expected %s or %s, got %q", ArtefactContainer, ArtefactWorkload, shorten(reg.Type))
	}
	if err := checkArtefactName(reg.Name); err != nil {
		return err
	}
	for field, text := range map[string]string{"version": reg.Tag, "ref": reg.Ref, "commit": reg.Commit} {
		if len(text) > maxKey {
			return Invalidf("%s: %q has more than %d characters", field, shorten(text), maxKey)
		}
	}
	if reg.Ref != "" && (reg.VCS == "" || reg.VCS == "git") && !strings.HasPrefix(reg.Ref, "refs/") {
		return Invalidf("ref: %q is no reference of git; it begins with refs/, such as refs/heads/main or refs/tags/v1", shorten(reg.Ref))
	}
	if reg.Commit != "" && !commitPattern.MatchString(reg.Commit) {
		return Invalidf("commit: %q is no commit id; use at least 5 lower-case hexadecimal digits", shorten(reg.Commit))
	}
	return nil
}

// checkContainer validates what only images have.
func checkContainer(reg ArtefactRegistration) error {
	if name, tag, digest := splitImage(reg.Name); tag != "" || digest != "" {
		return Invalidf("name: %q holds a tag or digest; send name %q, and those as version and digest", shorten(reg.Name), shorten(name))
	}
	if reg.Tag != "" && !tagPattern.MatchString(reg.Tag) {
		return Invalidf("version: %q cannot be the tag of an image", shorten(reg.Tag))
	}
	if reg.Digest != "" && !digestPattern.MatchString(reg.Digest) {
		return Invalidf("digest: %q is no digest like sha256:8414aa82...", shorten(reg.Digest))
	}
	return nil
}

func checkArtefactName(name string) error {
	if name == "" || len(name) > maxKey || strings.ContainsAny(name, " \t\r\n") {
		return Invalidf("name: %q is not valid; use 1 to %d characters without white space", shorten(name), maxKey)
	}
	return nil
}

// convertSource makes a module of a Score file.
func convertSource(src *WorkloadSource) (*WorkloadContent, error) {
	out, err := score.Convert(score.Input{
		Spec: src.Spec, Image: src.Image, Overrides: src.Overrides, PropertyOverrides: src.PropertyOverrides,
		TypeAliases: src.TypeAliases, Extensions: src.Extensions,
	})
	if err != nil {
		return nil, Invalidf("%v", err)
	}
	return &WorkloadContent{Modules: out.Modules, Shared: out.Shared}, nil
}

// fingerprintOf digests everything that a registration says.
func fingerprintOf(v *ArtefactVersion) (string, error) {
	raw, err := json.Marshal([]any{v.Type, v.Tag, v.Digest, v.Ref, v.Commit, v.ImageID, v.Branch, v.Tags, v.Source})
	if err != nil {
		return "", fmt.Errorf("encoding an artefact version: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// storeArtefactVersion stores a version, or refreshes the equal one.
func (s *Service) storeArtefactVersion(ctx context.Context, v ArtefactVersion) (*ArtefactVersion, error) {
	artefact, err := s.ensureArtefact(ctx, &v)
	if err != nil {
		return nil, err
	}
	v.ArtefactID = artefact.ID
	known, err := s.store.FindArtefactVersion(ctx, v.OrgID, artefact.ID, v.Fingerprint)
	if IsNotFound(err) {
		return &v, stale(s.store.CreateArtefactVersion(ctx, &v))
	}
	if err != nil {
		return nil, err
	}
	known.Archived, known.Set, known.UpdatedAt, known.UpdatedBy = false, v.Set, v.UpdatedAt, v.UpdatedBy
	return known, stale(s.store.UpdateArtefactVersion(ctx, known))
}

// ensureArtefact finds the artefact of a version, or makes it.
func (s *Service) ensureArtefact(ctx context.Context, v *ArtefactVersion) (*Artefact, error) {
	artefact, err := s.store.FindArtefact(ctx, v.OrgID, v.Type, v.Name)
	if IsNotFound(err) {
		artefact = &Artefact{
			OrgID: v.OrgID, ID: newUUID(), Name: v.Name, Type: v.Type,
			CreatedAt: v.CreatedAt, CreatedBy: v.CreatedBy, UpdatedAt: v.UpdatedAt, UpdatedBy: v.UpdatedBy,
		}
		return artefact, stale(s.store.CreateArtefact(ctx, artefact))
	}
	if err != nil {
		return nil, err
	}
	artefact.UpdatedAt, artefact.UpdatedBy = v.UpdatedAt, v.UpdatedBy
	return artefact, s.store.UpdateArtefact(ctx, artefact)
}

// ListArtefacts lists by name; kind and name "" = any.
func (s *Service) ListArtefacts(ctx context.Context, org, kind, name string) ([]Artefact, error) {
	if err := s.requireOrgPerm(ctx, org, PermArtefactsRead); err != nil {
		return nil, err
	}
	return s.store.ListArtefacts(ctx, org, artefactKind(kind), name)
}

// artefactKind accepts the plural, which the published examples use.
func artefactKind(kind string) string {
	switch kind {
	case "containers":
		return ArtefactContainer
	case "workloads":
		return ArtefactWorkload
	}
	return kind
}

// DeleteArtefact removes an artefact with all its versions.
func (s *Service) DeleteArtefact(ctx context.Context, org, id string) error {
	if err := s.requireOrgPerm(ctx, org, PermArtefactsDelete); err != nil {
		return err
	}
	return s.audited(ctx, func(ctx context.Context) (Change, error) {
		artefact, err := s.store.GetArtefact(ctx, org, id)
		if err != nil {
			return Change{}, err
		}
		return deleted(org, "artefact", OrgObject(org)+"/artefacts/"+id, artefact), s.store.DeleteArtefact(ctx, org, id)
	})
}

// ArtefactQuery narrows a list of versions.
type ArtefactQuery struct {
	ArtefactID string
	Name       string
	Reference  string // NAME:VERSION, NAME@DIGEST or both; not together with Name
	Type       string
	Archived   bool
	Limit      int
}

// ListArtefactVersions lists newest first, without what workloads consist of.
func (s *Service) ListArtefactVersions(ctx context.Context, org string, q ArtefactQuery) ([]ArtefactVersion, error) {
	if err := s.requireOrgPerm(ctx, org, PermArtefactsRead); err != nil {
		return nil, err
	}
	if q.Name != "" && q.Reference != "" {
		return nil, Invalidf("name and reference cannot be used together; a reference begins with the name")
	}
	if q.ArtefactID != "" {
		if _, err := s.store.GetArtefact(ctx, org, q.ArtefactID); err != nil {
			return nil, err
		}
	}
	f := ArtefactVersionFilter{
		ArtefactID: q.ArtefactID, Name: q.Name, Type: artefactKind(q.Type), Archived: q.Archived, Limit: q.Limit,
	}
	if q.Reference != "" {
		f.Name, f.Tag, f.Digest = splitImage(q.Reference)
		if f.Tag == "" && f.Digest == "" {
			return nil, Invalidf("reference: %q names no version; use NAME:VERSION or NAME@DIGEST", shorten(q.Reference))
		}
	}
	return s.store.ListArtefactVersions(ctx, org, f)
}

// GetArtefactVersion returns one version with everything it consists of.
func (s *Service) GetArtefactVersion(ctx context.Context, org, id string) (*ArtefactVersion, error) {
	if err := s.requireOrgPerm(ctx, org, PermArtefactsRead); err != nil {
		return nil, err
	}
	return s.store.GetArtefactVersion(ctx, org, id)
}

// GetWorkloadVersion returns a version that is a workload.
func (s *Service) GetWorkloadVersion(ctx context.Context, org, id string) (*ArtefactVersion, error) {
	v, err := s.GetArtefactVersion(ctx, org, id)
	if err != nil {
		return nil, err
	}
	if v.Type != ArtefactWorkload || v.Source == nil || v.Set == nil {
		return nil, Invalidf("artefact version %s is a %s; only workloads have a spec", id, v.Type)
	}
	return v, nil
}

// ArchiveArtefactVersion hides a version from lists, or shows it again.
func (s *Service) ArchiveArtefactVersion(ctx context.Context, org, artefactID, id string, archived *bool) (*ArtefactVersion, error) {
	if err := s.requireOrgPerm(ctx, org, PermArtefactsDelete); err != nil {
		return nil, err
	}
	if archived == nil {
		return nil, Invalidf("archived: expected true or false")
	}
	var v *ArtefactVersion
	err := s.audited(ctx, func(ctx context.Context) (Change, error) {
		if _, err := s.store.GetArtefact(ctx, org, artefactID); err != nil {
			return Change{}, err
		}
		var err error
		if v, err = s.store.GetArtefactVersion(ctx, org, id); err != nil {
			return Change{}, err
		}
		if v.ArtefactID != artefactID {
			return Change{}, NotFoundf("artefact version %q does not exist", id)
		}
		before := auditVersion(v)
		v.Archived, v.UpdatedAt, v.UpdatedBy = *archived, s.now(), ActorFrom(ctx).UserID
		err = stale(s.store.UpdateArtefactVersion(ctx, v))
		return updated(org, "artefact-version", artefactVersionPath(org, id), before, auditVersion(v)), err
	})
	return v, err
}

// Image groups the builds of an image, in the older API.
type Image struct {
	ID      string
	AddedAt time.Time
	Builds  []ArtefactVersion // oldest first
}

// ImageBuild is a build that CI reports through the older API.
type ImageBuild struct {
	Image  string // NAME[:TAG][@DIGEST]
	Commit string
	Branch string
	Tags   []string
}
