package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/engine/score"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func artefactRoutes() []Route {
	const artefacts, versions = orgPath + "/artefacts", orgPath + "/artefact-versions"
	const version = versions + "/{artefactVersionId}"
	archived := Query{Name: "archived", Type: "boolean", Doc: "Show archived ones as well"}
	reference := Query{Name: "reference", Doc: "Only what this names: NAME:VERSION or NAME@DIGEST; not together with name"}
	create := stream[api.ArtefactVersion](Route{Method: "POST", Path: versions, OperationID: "createArtefactVersion",
		AlsoStatus: []int{http.StatusNoContent}, FormToo: true,
		Summary: "Register an image, or a Score file, as JSON or multipart/form-data; Environments that follow it are updated",
		Query: []Query{
			{Name: "vcs", Doc: "Version control system of the ref; git when absent"},
			{Name: "dry_run", Type: "boolean", Doc: "Only validate; with Accept: " + mediaSetJSON + " answer what a workload becomes"},
		}}, createArtefactVersion)
	create.Request = api.CreateArtefactVersionRequest{}
	return tagged("Artefacts", []Route{
		answer(Route{Method: "GET", Path: artefacts, OperationID: "listArtefacts", Summary: "List Artefacts",
			Query: []Query{{Name: "type", Doc: "container or workload"}, {Name: "name", Doc: "Only that of this name"}}}, listArtefacts),
		answer(Route{Method: "DELETE", Path: artefacts + "/{artefactId}", OperationID: "deleteArtefact",
			Summary: "Delete an Artefact with all its versions"}, deleteArtefact),
		answer(Route{Method: "GET", Path: artefacts + "/{artefactId}/versions", OperationID: "listArtefactVersions",
			Summary: "List the versions of an Artefact, newest first",
			Query:   []Query{archived, reference, {Name: "limit", Type: "integer", Doc: "How many at most"}}}, listVersionsOfArtefact),
		accept(Route{Method: "PATCH", Path: artefacts + "/{artefactId}/versions/{versionId}", OperationID: "patchArtefactVersion",
			Summary: "Archive a version, or take that back"}, patchArtefactVersion),
		answer(Route{Method: "GET", Path: versions, OperationID: "listArtefactVersionsInOrg",
			Summary: "List the versions of all Artefacts, newest first",
			Query: []Query{{Name: "name", Doc: "Only those of this Artefact"}, reference, archived, {Name: "type", Doc: "container or workload"},
				{Name: "limit", Type: "integer", Doc: "How many at most"}}}, listArtefactVersions),
		create,
		answer(Route{Method: "GET", Path: version, OperationID: "getArtefactVersion", Summary: "Get an Artefact Version"}, getArtefactVersion),
		stream[map[string]any](Route{Method: "GET", Path: version + "/workload-spec", OperationID: "getWorkloadArtefactVersionSpec",
			Summary: "Get the Score file of a workload; with Accept: application/x-yaml as YAML"}, getWorkloadSpec),
		stream[api.ConvertedScore](Route{Method: "GET", Path: version + "/workload-deployment-set", OperationID: "getWorkloadArtefactVersionDeploymentSet",
			Summary: "Get what a workload adds to a Deployment Set; with Accept: application/x-yaml as YAML"}, getWorkloadSet),
	})
}

// Representations beside JSON.
const (
	mediaYAML    = "application/x-yaml"
	mediaSetJSON = "application/x.workload-deployment-set+json"
	mediaSetYAML = "application/x.workload-deployment-set+x-yaml"
)

func listArtefacts(c *Call) ([]api.Artefact, error) {
	return asList(wireArtefact)(c.Service.ListArtefacts(c.Context(), c.Org(), c.Query("type"), c.Query("name")))
}

func deleteArtefact(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeleteArtefact(c.Context(), c.Org(), c.Param("artefactId"))
}

func listVersionsOfArtefact(c *Call) ([]api.ArtefactVersion, error) {
	archived, err := c.QueryBool("archived")
	if err != nil {
		return nil, err
	}
	limit, err := c.QueryInt("limit", 0)
	if err != nil {
		return nil, err
	}
	return asList(wireArtefactVersion)(c.Service.ListArtefactVersions(c.Context(), c.Org(), orchestrator.ArtefactQuery{
		ArtefactID: c.Param("artefactId"), Reference: c.Query("reference"), Archived: archived, Limit: int(min(limit, 1<<30)),
	}))
}

func patchArtefactVersion(c *Call, in api.UpdateArtefactVersionRequest) (api.ArtefactVersion, error) {
	return as(wireArtefactVersion)(
		c.Service.ArchiveArtefactVersion(c.Context(), c.Org(), c.Param("artefactId"), c.Param("versionId"), in.Archived))
}

func listArtefactVersions(c *Call) ([]api.ArtefactVersion, error) {
	archived, err := c.QueryBool("archived")
	if err != nil {
		return nil, err
	}
	limit, err := c.QueryInt("limit", 0)
	if err != nil {
		return nil, err
	}
	return asList(wireArtefactVersion)(c.Service.ListArtefactVersions(c.Context(), c.Org(), orchestrator.ArtefactQuery{
		Name: c.Query("name"), Reference: c.Query("reference"), Type: c.Query("type"), Archived: archived, Limit: int(min(limit, 1<<30)),
	}))
}

func getArtefactVersion(c *Call) (api.ArtefactVersion, error) {
	return as(wireArtefactVersion)(c.Service.GetArtefactVersion(c.Context(), c.Org(), c.Param("artefactVersionId")))
}

func createArtefactVersion(c *Call) error {
	dryRun, err := c.QueryBool("dry_run")
	if err != nil {
		return err
	}
	in, err := readRegistration(c)
	if err != nil {
		return err
	}
	reg := registration(in, c.Query("vcs"))
	if dryRun {
		content, err := c.Service.CheckArtefactVersion(c.Context(), c.Org(), reg)
		if err != nil {
			return err
		}
		return sendDryRun(c, content)
	}
	out, err := as(wireArtefactVersion)(c.Service.RegisterArtefactVersion(c.Context(), c.Org(), reg))
	if err != nil {
		return err
	}
	return c.send(http.StatusOK, out)
}

// sendDryRun answers with the set that a workload becomes when that is asked for.
func sendDryRun(c *Call, content *orchestrator.WorkloadContent) error {
	accepted := c.Request().Header.Get("Accept")
	if content == nil || !strings.Contains(accepted, "application/x.workload-deployment-set+") {
		return c.echo.NoContent(http.StatusNoContent)
	}
	media, asYAML := mediaSetJSON, strings.Contains(accepted, mediaSetYAML)
	if asYAML {
		media = mediaSetYAML
	}
	return sendTree(c, wireContent(content), media, asYAML)
}

func registration(in api.CreateArtefactVersionRequest, vcs string) orchestrator.ArtefactRegistration {
	reg := orchestrator.ArtefactRegistration{
		Type: in.Type, Name: in.Name, Tag: in.Version, Digest: in.Digest, Ref: in.Ref, Commit: in.Commit, VCS: vcs,
	}
	if in.Spec != nil {
		reg.Source = &orchestrator.WorkloadSource{
			Spec: in.Spec, Image: in.Image, Overrides: in.Overrides, PropertyOverrides: in.PropertyOverrides,
			TypeAliases: in.ResourceTypeAliases, Extensions: in.Extensions,
		}
	}
	return reg
}

// readRegistration reads JSON, or a form whose parts are the same fields.
func readRegistration(c *Call) (api.CreateArtefactVersionRequest, error) {
	var in api.CreateArtefactVersionRequest
	media, params, err := mime.ParseMediaType(c.Request().Header.Get("Content-Type"))
	if err != nil || media != mediaForm {
		return in, c.decode(&in, false)
	}
	if params["boundary"] == "" {
		return in, invalidBody("the form has no boundary in its Content-Type")
	}
	fields, err := readForm(c.Request())
	if err != nil {
		return in, err
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		return in, fmt.Errorf("encoding a form: %w", err)
	}
	return in, decodeJSON(raw, &in)
}

// formTrees are the fields whose part holds an object, in YAML or JSON.
var formTrees = map[string]bool{
	"spec": true, "overrides": true, "property_overrides": true, "resource_type_aliases": true, "extensions": true,
}

// readForm reads the parts of a form as fields of an object.
func readForm(r *http.Request) (map[string]any, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, invalidBody("the form cannot be read: %v", err)
	}
	fields := map[string]any{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, nil
		}
		if err != nil {
			return nil, formError(err)
		}
		name := part.FormName()
		raw, err := io.ReadAll(part)
		if err != nil {
			return nil, formError(err)
		}
		if err := checkText(string(raw)); err != nil {
			return nil, invalidBody("part %q of the form: %v", name, err)
		}
		switch {
		case name == "":
		case formTrees[name]:
			tree, err := score.ParseYAML(raw)
			if err != nil {
				return nil, invalidBody("part %q of the form: %v", name, err)
			}
			fields[name] = tree
		default:
			fields[name] = strings.TrimSpace(string(raw))
		}
	}
}

func formError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return orchestrator.Errorf(orchestrator.CodeTooLarge, "the request body is larger than %d MiB", maxBody>>20)
	}
	return invalidBody("the form could not be read to its end: %v", err)
}

func getWorkloadSpec(c *Call) error {
	v, err := c.Service.GetWorkloadVersion(c.Context(), c.Org(), c.Param("artefactVersionId"))
	if err != nil {
		return err
	}
	return sendAccepted(c, v.Source.Spec)
}

func getWorkloadSet(c *Call) error {
	v, err := c.Service.GetWorkloadVersion(c.Context(), c.Org(), c.Param("artefactVersionId"))
	if err != nil {
		return err
	}
	return sendAccepted(c, wireContent(v.Set))
}

// sendAccepted answers in YAML when that is asked for.
func sendAccepted(c *Call, tree any) error {
	if strings.Contains(c.Request().Header.Get("Accept"), mediaYAML) {
		return sendTree(c, tree, mediaYAML, true)
	}
	return c.send(http.StatusOK, tree)
}

func sendTree(c *Call, tree any, media string, asYAML bool) error {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(tree); err != nil {
		return fmt.Errorf("encoding the answer: %w", err)
	}
	raw := body.Bytes()
	if asYAML {
		var err error
		if raw, err = yaml.JSONToYAML(raw); err != nil {
			return fmt.Errorf("encoding the answer as YAML: %w", err)
		}
	}
	return c.echo.Blob(http.StatusOK, media, raw)
}

func wireContent(content *orchestrator.WorkloadContent) api.ConvertedScore {
	return api.ConvertedScore{Modules: orEmptyMap(content.Modules), Shared: orEmptyMap(content.Shared)}
}

func wireArtefact(a orchestrator.Artefact) api.Artefact {
	return api.Artefact{
		ID: a.ID, Name: a.Name, Type: a.Type, CreatedAt: api.NewTime(a.CreatedAt), CreatedBy: a.CreatedBy,
		UpdatedAt: api.NewTime(a.UpdatedAt), UpdatedBy: a.UpdatedBy,
	}
}

func wireArtefactVersion(v orchestrator.ArtefactVersion) api.ArtefactVersion {
	out := api.ArtefactVersion{
		ID: v.ID, Type: v.Type, Name: v.Name, ArtefactID: v.ArtefactID, Version: v.Tag, Ref: v.Ref, Commit: v.Commit, Archived: v.Archived,
		CreatedAt: api.NewTime(v.CreatedAt), CreatedBy: v.CreatedBy, UpdatedAt: api.NewTime(v.UpdatedAt), UpdatedBy: v.UpdatedBy,
	}
	if v.Type == orchestrator.ArtefactContainer {
		out.Digest = &v.Digest
	}
	return out
}
