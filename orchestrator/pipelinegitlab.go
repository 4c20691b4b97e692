package orchestrator

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// DefaultGitLab is the server of pipelines that name none.
const DefaultGitLab = "https://gitlab.com"

type gitlabPipeline struct {
	ID     int64  `json:"id"`
	Status string `json:"status"`
	URL    string `json:"web_url"`
}

// gitlabAction triggers a pipeline of GitLab and, with a token that may read
// pipelines, waits for its end.
func gitlabAction(ctx context.Context, c *pipelineCall) (*pipelineWait, error) {
	id := c.state("gitlab_pipeline")
	if id == "" {
		made, err := triggerGitlab(ctx, c)
		if err != nil {
			return nil, err
		}
		id = strconv.FormatInt(made.ID, 10)
		c.output("pipeline_id", id)
		c.output("pipeline_url", made.URL)
		c.output("status", made.Status)
		c.related("gitlab_pipeline_id", id)
		c.log("INFO", "pipeline %s: %s", id, made.URL)
		if err := c.remember(ctx, "gitlab_pipeline", id); err != nil {
			return nil, err
		}
	}
	if c.text("access_token") == "" {
		c.log("WARN", "there is no access_token that may read pipelines; nothing waits for the end of pipeline %s", id)
		return nil, nil
	}
	var now gitlabPipeline
	err := c.json(ctx, WebRequest{Method: http.MethodGet, URL: gitlabBase(c) + "/pipelines/" + url.PathEscape(id), Header: gitlabHeader(c)}, http.StatusOK, &now)
	if err != nil {
		return nil, err
	}
	c.output("status", now.Status)
	switch now.Status {
	case "success":
		return nil, nil
	case "failed", "canceled", "skipped":
		return nil, Conflictf("pipeline %s ended with %s: %s", id, now.Status, now.URL)
	}
	return &pipelineWait{For: "gitlab.pipeline(" + id + ")", Most: 15 * time.Second}, nil
}

// triggerGitlab starts the pipeline. GitLab has no key that would tell a repeated
// request from a new one, so a step whose attempt was cut off in the middle does
// not start a second one.
func triggerGitlab(ctx context.Context, c *pipelineCall) (*gitlabPipeline, error) {
	if c.state("triggered") != "" {
		return nil, Conflictf("the request to GitLab was cut off; whether it started a pipeline is not known. Look there, and restart the run")
	}
	variables, err := c.object("variables")
	if err != nil {
		return nil, err
	}
	given := map[string]string{}
	for name, value := range variables {
		given[name] = textOf(value)
	}
	body, err := json.Marshal(map[string]any{"token": c.text("token"), "ref": c.text("ref"), "variables": given})
	if err != nil {
		return nil, Invalidf("with.variables: they cannot be sent as JSON")
	}
	if err := c.remember(ctx, "triggered", "yes"); err != nil {
		return nil, err
	}
	header := http.Header{"Content-Type": {"application/json"}}
	var made gitlabPipeline
	return &made, c.json(ctx, WebRequest{Method: http.MethodPost, URL: gitlabBase(c) + "/trigger/pipeline", Header: header, Body: body}, http.StatusCreated, &made)
}

func gitlabBase(c *pipelineCall) string {
	return strings.TrimRight(c.textOr(DefaultGitLab, "url"), "/") + "/api/v4/projects/" + url.PathEscape(c.text("project"))
}

func gitlabHeader(c *pipelineCall) http.Header {
	return http.Header{"Private-Token": {c.text("access_token")}}
}

// stopGitlab asks GitLab to cancel the pipeline that the step waits for.
func stopGitlab(ctx context.Context, c *pipelineCall) error {
	id := c.state("gitlab_pipeline")
	if id == "" || c.text("access_token") == "" {
		return nil
	}
	answer, err := c.send(ctx, WebRequest{Method: http.MethodPost, URL: gitlabBase(c) + "/pipelines/" + url.PathEscape(id) + "/cancel", Header: gitlabHeader(c)})
	if err != nil || answer.Status >= http.StatusBadRequest {
		c.log("WARN", "pipeline %s could not be cancelled; look at GitLab", id)
	}
	return nil
}
