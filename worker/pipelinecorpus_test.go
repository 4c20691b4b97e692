package worker_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// TestRealPipelinesRunToTheirEnd runs the pipelines of the corpus, where it is there, with environments of their names and a
// local server that plays GitHub and Slack.
func TestRealPipelinesRunToTheirEnd(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../shared/corpus/pipelines/*.yaml")
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("the corpus of real pipelines is not there")
	}
	p := newPlatform(t, onSQLite(t))
	require.NoError(t, p.records.CreateEnvironmentType(p.ctx, &orchestrator.EnvironmentType{OrgID: "acme", ID: "production"}))
	p.environment("staging")
	at := time.Now().UTC()
	require.NoError(t, p.records.CreateEnvironment(p.ctx, &orchestrator.Environment{
		OrgID: "acme", AppID: "shop", ID: "production", Name: "production", TypeID: "production", QueuePolicy: orchestrator.QueuePolicyQueue,
		Status: orchestrator.StatusActive, StatusChangedAt: at, CreatedAt: at,
	}))
	server := newOutside(t, playGithub)
	for key, value := range map[string]string{"SLACK_WEBHOOK_URL": server.URL, "SLACK_WEBHOOK": server.URL, "GITHUB_TOKEN": "gh-token-1", "github-token": "gh-token-2"} {
		p.value(key, value, true)
	}
	delta := p.change("corpus")
	p.ends(orchestrator.OutcomeSucceeded, p.deploy(p.ref))
	workload := p.workloadVersion()
	inputs := map[string]any{
		"delta_id": delta, "build": "7", "commit": "a commit", "env_id": "development", "environment": "development", "comment": "why",
		"workload_artefacts": []any{workload},
	}
	// What does not succeed, with the reason.
	want := map[string]string{
		"prevent-direct-deployment": "is not allowed", // that is what it is for
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		text := p.standIn(string(raw), server.URL)
		t.Run(name, func(t *testing.T) {
			run := p.start(p.runOf(text, inputs, func(r *orchestrator.PipelineRun) { r.RunAs, r.CreatedBy = p.admin(), p.admin() }))
			for !orchestrator.PipelineEnded(p.run(run).Status) {
				waiting, err := p.records.ListPipelineApprovals(p.ctx, "acme", "shop", orchestrator.PipelineApprovalFilter{Runs: []string{run.ID}, Status: "waiting"})
				require.NoError(t, err)
				for _, a := range waiting {
					p.decide(a, true)
				}
				require.Less(t, time.Since(run.CreatedAt), 2*patience, "it does not end:\n%s", p.logOfRun(run))
				time.Sleep(50 * time.Millisecond)
			}
			ended := p.run(run)
			for part, reason := range want {
				if strings.Contains(name, part) {
					require.Contains(t, ended.StatusMessage, reason)
					return
				}
			}
			require.Equal(t, orchestrator.PipelineSucceeded, ended.Status, "%s\n%s", ended.StatusMessage, p.logOfRun(run))
			require.NotContains(t, p.logOfRun(run), "gh-token")
		})
	}
}

// standIn lets steps that call GitHub call a local server.
func (p *platform) standIn(text, server string) string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		out = append(out, line)
		if at := strings.Index(line, "access_token:"); at >= 0 {
			out = append(out, line[:at]+"url: "+server)
		}
	}
	return strings.Join(out, "\n")
}

// admin is a user who may do everything in the organization.
func (p *platform) admin() string {
	p.t.Helper()
	const id = "corpus-admin"
	if _, err := p.records.GetUser(p.ctx, id); err == nil {
		return id
	}
	require.NoError(p.t, p.records.CreateUser(p.ctx, &orchestrator.User{ID: id, Name: id, Type: "user", CreatedAt: time.Now().UTC()}))
	require.NoError(p.t, p.records.PutRole(p.ctx, orchestrator.RoleBinding{OrgID: "acme", SubjectID: id, Object: orchestrator.OrgObject("acme"),
		Role: orchestrator.RoleAdministrator, CreatedAt: time.Now().UTC()}))
	return id
}

// workloadVersion registers a workload.
func (p *platform) workloadVersion() string {
	p.t.Helper()
	v, err := p.services[0].RegisterArtefactVersion(p.ctx, "acme", orchestrator.ArtefactRegistration{
		Type: orchestrator.ArtefactWorkload, Name: "myProject/myWorkloadArtefact", Tag: "1", Ref: "refs/heads/main",
		Source: &orchestrator.WorkloadSource{Spec: map[string]any{
			"apiVersion": "score.dev/v1b1", "metadata": map[string]any{"name": "pushed"},
			"containers": map[string]any{"web": map[string]any{"image": "nginx:1"}},
		}},
	})
	require.NoError(p.t, err)
	return v.ID
}

// playGithub starts a run when it is told to, and lets it succeed. Every other request is one to Slack.
func playGithub(r *http.Request, _ string) (int, string) {
	switch {
	case strings.HasPrefix(r.URL.Path, "/repos/") && !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer gh-token"):
		return http.StatusUnauthorized, `{"message":"Bad credentials"}`
	case strings.HasSuffix(r.URL.Path, "/dispatches"):
		return http.StatusNoContent, ""
	case strings.HasSuffix(r.URL.Path, "/runs"):
		return http.StatusOK, fmt.Sprintf(`{"workflow_runs":[{"id":42,"status":"queued","created_at":%q,"html_url":"https://github.test/42"}]}`, time.Now().UTC().Format(time.RFC3339))
	case strings.HasSuffix(r.URL.Path, "/runs/42"):
		return http.StatusOK, `{"id":42,"status":"completed","conclusion":"success"}`
	case r.Method == http.MethodPost && !strings.HasPrefix(r.URL.Path, "/repos/"):
		return http.StatusOK, "ok"
	}
	return http.StatusNotFound, "{}"
}
