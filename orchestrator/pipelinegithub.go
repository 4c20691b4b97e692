package orchestrator

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// DefaultGitHub is where the API of GitHub is; with.url names another one,
// such as that of a GitHub Enterprise Server (https://HOST/api/v3).
const DefaultGitHub = "https://api.github.com"

type githubRun struct {
	ID         int64     `json:"id"`
	Title      string    `json:"display_title"`
	Name       string    `json:"name"`
	Status     string    `json:"status"`
	Conclusion string    `json:"conclusion"`
	URL        string    `json:"html_url"`
	CreatedAt  time.Time `json:"created_at"`
}

// githubAction starts a workflow of GitHub Actions and waits for its end.
func githubAction(ctx context.Context, c *pipelineCall) (*pipelineWait, error) {
	g, err := newGithub(c)
	if err != nil {
		return nil, err
	}
	if id := c.state("github_run"); id != "" {
		return g.follow(ctx, id)
	}
	if c.state("dispatched") == "" {
		if err := g.dispatch(ctx); err != nil {
			return nil, err
		}
	}
	run, err := g.find(ctx)
	if err != nil {
		return nil, err
	}
	if run == nil {
		return &pipelineWait{For: "github.workflow(" + g.workflow + ")", Most: 5 * time.Second}, nil
	}
	id := strconv.FormatInt(run.ID, 10)
	c.output("run_id", id)
	c.output("run_url", run.URL)
	c.related("github_run_id", id)
	c.log("INFO", "workflow run %s: %s", id, run.URL)
	if err := c.remember(ctx, "github_run", id); err != nil {
		return nil, err
	}
	return &pipelineWait{For: "github.workflow(" + id + ")", Most: 10 * time.Second}, nil
}

type github struct {
	c              *pipelineCall
	base, workflow string
	ref            string
	header         http.Header
}

func newGithub(c *pipelineCall) (*github, error) {
	g := &github{c: c, header: http.Header{}}
	repo, err := c.needed("repo")
	if err != nil {
		return nil, err
	}
	workflow, err := c.needed("workflow")
	if err != nil {
		return nil, err
	}
	token, err := c.needed("access_token")
	if err != nil {
		return nil, err
	}
	if g.ref, err = c.needed("ref"); err != nil {
		return nil, err
	}
	owner, name, ok := strings.Cut(repo, "/")
	if !ok {
		return nil, Invalidf("with.repo: expected OWNER/NAME")
	}
	g.workflow = path.Base(workflow)
	g.base = strings.TrimRight(c.textOr(DefaultGitHub, "url"), "/") + "/repos/" + url.PathEscape(owner) + "/" + url.PathEscape(name)
	g.header.Set("Authorization", "Bearer "+token)
	g.header.Set("Accept", "application/vnd.github+json")
	return g, nil
}

// dispatch starts the workflow. When it was begun is kept before: an attempt that
// follows a crash looks for the run instead of starting another one.
func (g *github) dispatch(ctx context.Context) error {
	inputs, err := g.c.object("inputs")
	if err != nil {
		return err
	}
	given := map[string]string{}
	for name, value := range inputs {
		given[name] = textOf(value)
	}
	if name := g.c.text("request_uid_input"); name != "" {
		given[name] = g.uid()
	}
	body, err := json.Marshal(map[string]any{"ref": g.ref, "inputs": given})
	if err != nil {
		return Invalidf("with.inputs: they cannot be sent as JSON")
	}
	if err := g.c.remember(ctx, "dispatched", g.c.s.now().UTC().Format(time.RFC3339)); err != nil {
		return err
	}
	err = g.c.json(ctx, WebRequest{Method: http.MethodPost, URL: g.base + "/actions/workflows/" + url.PathEscape(g.workflow) + "/dispatches", Header: g.header, Body: body},
		http.StatusNoContent, nil)
	if errors.Is(err, errTryAgain) {
		return g.c.remember(ctx, "dispatched", "") // nothing was answered: it is sent again
	}
	return err
}

func (g *github) uid() string { return g.c.id("github") }

// find looks for the run that the dispatch has started: by the id that it was
// given, else the first that was dispatched on the reference since.
func (g *github) find(ctx context.Context) (*githubRun, error) {
	since, err := time.Parse(time.RFC3339, g.c.state("dispatched"))
	if err != nil {
		return nil, errTryAgain
	}
	query := url.Values{"event": {"workflow_dispatch"}, "per_page": {"30"}, "created": {">=" + since.Add(-5*time.Second).Format(time.RFC3339)}}
	if !strings.HasPrefix(g.ref, "refs/") {
		query.Set("branch", g.ref)
	}
	var found struct {
		Runs []githubRun `json:"workflow_runs"`
	}
	target := g.base + "/actions/workflows/" + url.PathEscape(g.workflow) + "/runs?" + query.Encode()
	if err := g.c.json(ctx, WebRequest{Method: http.MethodGet, URL: target, Header: g.header}, http.StatusOK, &found); err != nil {
		return nil, err
	}
	slices.SortFunc(found.Runs, func(a, b githubRun) int { return a.CreatedAt.Compare(b.CreatedAt) })
	for i, run := range found.Runs {
		if g.c.text("request_uid_input") == "" || strings.Contains(run.Title+" "+run.Name, g.uid()) {
			return &found.Runs[i], nil
		}
	}
	return nil, nil
}

// follow looks how far the run is.
func (g *github) follow(ctx context.Context, id string) (*pipelineWait, error) {
	var run githubRun
	err := g.c.json(ctx, WebRequest{Method: http.MethodGet, URL: g.base + "/actions/runs/" + url.PathEscape(id), Header: g.header}, http.StatusOK, &run)
	if err != nil {
		return nil, err
	}
	if run.Status != "completed" {
		return &pipelineWait{For: "github.workflow(" + id + ")", Most: 15 * time.Second}, nil
	}
	g.c.output("conclusion", run.Conclusion)
	switch run.Conclusion {
	case "success", "neutral", "skipped":
		return nil, nil
	}
	return nil, Conflictf("workflow run %s ended with %s: %s", id, run.Conclusion, run.URL)
}

// stopGithub asks GitHub to cancel the run that the step waits for, also one that
// was dispatched and not seen yet.
func stopGithub(ctx context.Context, c *pipelineCall) error {
	id := c.state("github_run")
	if id == "" && c.state("dispatched") == "" {
		return nil
	}
	g, err := newGithub(c)
	if err != nil {
		return nil //nolint:nilerr // without an address nothing can be asked
	}
	if id == "" {
		run, err := g.find(ctx)
		if err != nil || run == nil {
			c.log("WARN", "workflow %s was started, and its run is not to be found, so it is not cancelled; look at GitHub", g.workflow)
			return nil //nolint:nilerr // the log says so
		}
		id = strconv.FormatInt(run.ID, 10)
	}
	answer, err := c.send(ctx, WebRequest{Method: http.MethodPost, URL: g.base + "/actions/runs/" + url.PathEscape(id) + "/cancel", Header: g.header})
	if err != nil || answer.Status >= http.StatusBadRequest {
		c.log("WARN", "workflow run %s could not be cancelled; look at GitHub", id)
	}
	return nil
}
