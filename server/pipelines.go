package server

import (
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/slipway-dev/slipway/engine/pipeline"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

func listPipelinesInOrg(c *Call) ([]api.Pipeline, error) {
	filter := pipelineFilter(c)
	filter.AppIDs = c.QueryAll("app")
	return pagedPipelines(c)(c.Service.ListPipelinesInOrg(c.Context(), c.Org(), filter))
}

func listPipelines(c *Call) ([]api.Pipeline, error) {
	return pagedPipelines(c)(c.Service.ListPipelines(c.Context(), c.Org(), c.App(), pipelineFilter(c)))
}

func pagedPipelines(c *Call) func([]orchestrator.Pipeline, error) ([]api.Pipeline, error) {
	return func(list []orchestrator.Pipeline, err error) ([]api.Pipeline, error) {
		if err != nil {
			return nil, err
		}
		page, err := paged(c, list, func(p orchestrator.Pipeline) string { return p.AppID + "/" + p.ID })
		return convert(page, wirePipeline), err
	}
}

func pipelineFilter(c *Call) orchestrator.PipelineFilter {
	return orchestrator.PipelineFilter{Trigger: c.Query("trigger"), Metadata: c.queryMap("metadata")}
}

// queryMap reads a map that is spelled name[key]=value.
func (c *Call) queryMap(name string) map[string]string {
	var out map[string]string
	for parameter, values := range c.query {
		key, found := strings.CutPrefix(parameter, name+"[")
		if !found || !strings.HasSuffix(key, "]") {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[strings.TrimSuffix(key, "]")] = values[0]
	}
	return out
}

// definitionOf reads the text of a pipeline, whatever the Content-Type says.
func definitionOf(c *Call) (string, error) {
	raw, err := readBody(c.Request())
	if err != nil {
		return "", err
	}
	if !utf8.Valid(raw) {
		return "", invalidBody("the request body is not UTF-8")
	}
	// YAML may spell a NUL in other ways; those stay in the text as they are spelled.
	if bytes.ContainsRune(raw, 0) {
		return "", invalidBody("the request body contains a NUL character, which cannot be stored")
	}
	return string(raw), nil
}

func createPipeline(c *Call) error {
	dryRun, err := c.QueryBool("dry_run")
	if err != nil {
		return err
	}
	text, err := definitionOf(c)
	if err != nil {
		return err
	}
	made, err := c.Service.CreatePipeline(c.Context(), c.Org(), c.App(), text, dryRun)
	return c.sendPipeline(http.StatusCreated, made, err)
}

func updatePipeline(c *Call) error {
	dryRun, err := c.QueryBool("dry_run")
	if err != nil {
		return err
	}
	text, err := definitionOf(c)
	if err != nil {
		return err
	}
	made, err := c.Service.UpdatePipeline(c.Context(), c.Org(), c.App(), c.Param("pipelineId"), text, c.ifMatch(), dryRun)
	return c.sendPipeline(http.StatusOK, made, err)
}

// sendPipeline answers 204 when there is none: it was a dry run.
func (c *Call) sendPipeline(status int, p *orchestrator.Pipeline, err error) error {
	if err != nil {
		return err
	}
	if p == nil {
		return c.send(http.StatusNoContent, Empty{})
	}
	c.setETag(p.ETag())
	return c.send(status, wirePipeline(*p))
}

// setETag announces an entity tag; in the header it stands in quotes (RFC 9110, 8.8.3).
func (c *Call) setETag(tag string) { c.Header().Set("ETag", `"`+tag+`"`) }

// ifMatch is the entity tag of the If-Match header, with quotes around it or
// without; "" when absent.
func (c *Call) ifMatch() string {
	tag := strings.TrimSpace(c.Request().Header.Get("If-Match"))
	return strings.Trim(strings.TrimPrefix(tag, "W/"), `"`)
}

func getPipeline(c *Call) (api.Pipeline, error) {
	p, err := c.Service.GetPipeline(c.Context(), c.Org(), c.App(), c.Param("pipelineId"), c.Query("version"))
	if err == nil {
		c.setETag(p.ETag())
	}
	return as(wirePipeline)(p, err)
}

func deletePipeline(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeletePipeline(c.Context(), c.Org(), c.App(), c.Param("pipelineId"), c.ifMatch())
}

func listPipelineVersions(c *Call) ([]api.PipelineVersion, error) {
	list, err := c.Service.ListPipelineVersions(c.Context(), c.Org(), c.App(), c.Param("pipelineId"))
	if err != nil {
		return nil, err
	}
	page, err := paged(c, list, func(v orchestrator.PipelineVersion) string { return v.ID })
	return convert(page, wirePipelineVersion), err
}

// getPipelineDefinition answers the text byte for byte unless JSON is asked for.
func getPipelineDefinition(c *Call) error {
	v, err := c.Service.PipelineDefinition(c.Context(), c.Org(), c.App(), c.Param("pipelineId"), c.Query("version"))
	if err != nil {
		return err
	}
	if !wantsJSON(c.Request().Header.Get("Accept")) {
		return c.echo.Blob(http.StatusOK, mediaPipeline, []byte(v.Definition))
	}
	tree, err := pipeline.Tree([]byte(v.Definition))
	if err != nil {
		return fmt.Errorf("version %s of pipeline %q is stored and cannot be read: %w", v.ID, v.PipelineID, err)
	}
	return c.send(http.StatusOK, tree)
}

// wantsJSON tells whether a client names JSON and no YAML.
func wantsJSON(accept string) bool {
	json := false
	for part := range strings.SplitSeq(accept, ",") {
		media, _, _ := mime.ParseMediaType(part)
		switch {
		case media == mediaPipeline, strings.HasSuffix(media, "yaml"):
			return false
		case media == mediaJSON:
			json = true
		}
	}
	return json
}

func getPipelineSchema(c *Call) (map[string]any, error) {
	return c.Service.PipelineSchema(c.Context(), c.Org())
}

func wirePipeline(p orchestrator.Pipeline) api.Pipeline {
	return api.Pipeline{
		ID: p.ID, ETag: p.ETag(), OrgID: p.OrgID, AppID: p.AppID, Name: p.Name, Status: p.Status, Version: p.VersionID,
		CreatedAt: api.NewTime(p.CreatedAt), TriggerTypes: orEmptyList(p.TriggerTypes), Metadata: p.Metadata,
	}
}

func wirePipelineVersion(v orchestrator.PipelineVersion) api.PipelineVersion {
	return api.PipelineVersion{
		ID: v.ID, OrgID: v.OrgID, AppID: v.AppID, PipelineID: v.PipelineID, CreatedBy: v.CreatedBy, CreatedAt: api.NewTime(v.CreatedAt),
	}
}

func listPipelineCriteria(c *Call) ([]api.PipelineCriteria, error) {
	list, err := c.Service.ListPipelineCriteria(c.Context(), c.Org(), c.App(), c.Query("pipeline"), c.queryMap("match"))
	if err != nil {
		return nil, err
	}
	page, err := paged(c, list, func(v orchestrator.PipelineCriteriaView) string { return v.ID })
	return convert(page, wirePipelineCriteria), err
}

func createPipelineCriteria(c *Call, in api.PipelineCriteriaRequest) (api.PipelineCriteria, error) {
	return as(wirePipelineCriteria)(c.Service.CreatePipelineCriteria(c.Context(), c.Org(), c.App(), c.Param("pipelineId"),
		orchestrator.PipelineCriteriaRequest{
			Trigger: in.Trigger, AppID: in.AppID, EnvType: in.EnvType, EnvID: in.EnvID, DeploymentType: in.DeploymentType,
		}))
}

func getPipelineCriteria(c *Call) (api.PipelineCriteria, error) {
	return as(wirePipelineCriteria)(c.Service.GetPipelineCriteria(c.Context(), c.Org(), c.App(), c.Param("pipelineId"), c.Param("criteriaId")))
}

func deletePipelineCriteria(c *Call) (Empty, error) {
	return Empty{}, c.Service.DeletePipelineCriteria(c.Context(), c.Org(), c.App(), c.Param("pipelineId"), c.Param("criteriaId"))
}

func wirePipelineCriteria(v orchestrator.PipelineCriteriaView) api.PipelineCriteria {
	return api.PipelineCriteria{
		Trigger: v.Trigger, ID: v.ID, PipelineID: v.PipelineID, PipelineName: v.PipelineName,
		EnvType: v.EnvType, AppID: v.OnlyAppID, EnvID: v.EnvID, DeploymentType: v.DeploymentType,
	}
}
