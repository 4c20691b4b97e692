package compat

import "github.com/stretchr/testify/require"

func (s *scenario) pipelineRuns(at shop) {
	const text = "name: Runs\nid: compat-runs\non:\n  deployment_request:\n  pipeline_call: {inputs: {text: {type: string}}}\njobs:\n" +
		"  say:\n    steps:\n    - {uses: actions/humanitec/log@v1, with: {message: \"${{ inputs.text || 'none' }}\"}}\n" +
		"    - {uses: actions/humanitec/approve@v1, with: {env_id: \"${{ inputs.env_id || 'development' }}\", message: go}}\n"
	all := at.app + "/pipelines"
	s.exchange(201, exchange{method: "POST", path: all, accept: "application/json", requestBody: []byte(text), contentType: "application/x-yaml"})
	item := all + "/compat-runs"
	criteria := s.do(201, "POST", item+"/criteria", object{"trigger": "deployment_request", "env_type": "development"}).object()

	s.do(204, "POST", item+"/runs?dry_run=true", object{"inputs": object{}})
	s.do(400, "POST", item+"/runs", object{"inputs": object{"other": 1}})
	s.do(404, "POST", all+"/compat-none/runs", object{"inputs": object{}})
	approved := s.do(201, "POST", item+"/runs", object{"inputs": object{"text": "hello"}}).object()["id"].(string)
	denied := s.do(201, "POST", at.app+"/pipeline-runs", object{"trigger": "deployment_request", "env_id": "development", "set_id": "0"}).object()["id"].(string)
	s.do(204, "POST", at.app+"/pipeline-runs?dry_run=true", object{"trigger": "deployment_request", "env_id": "development", "set_id": "0"})
	s.do(400, "POST", at.app+"/pipeline-runs", object{"trigger": "deployment_request"})
	cancelled := s.do(201, "POST", item+"/runs", object{"inputs": object{}}).object()["id"].(string)

	decide := func(run, verb, status string) {
		s.t.Helper()
		var waiting []map[string]any
		s.until("run "+run+" waits", func() bool {
			waiting = s.do(200, "GET", at.app+"/approvals?status=waiting&run="+run, nil).list()
			return len(waiting) == 1
		})
		request := item + "/runs/" + run + "/jobs/say/approvals/" + waiting[0]["id"].(string)
		require.Equal(s.t, "waiting", s.do(200, "GET", request, nil).object()["status"])
		s.do(409, "DELETE", item+"/runs/"+run, nil)
		s.do(200, "POST", request+"/"+verb, nil)
		s.ended(item+"/runs/"+run, status)
	}
	decide(approved, "approve", "succeeded")
	decide(denied, "deny", "failed")
	s.do(204, "POST", item+"/runs/"+cancelled+"/cancel", nil)
	s.ended(item+"/runs/"+cancelled, "cancelled")
	s.do(409, "POST", item+"/runs/"+approved+"/cancel", nil)

	require.Contains(s.t, s.do(200, "GET", item+"/runs?status=succeeded", nil).values("id"), approved)
	require.Contains(s.t, s.do(200, "GET", s.org+"/pipeline-runs?pipeline=compat-runs&per_page=2", nil).values("status"), "cancelled")
	jobs := item + "/runs/" + approved + "/jobs"
	require.Equal(s.t, []any{"say"}, s.do(200, "GET", jobs, nil).values("id"))
	s.do(200, "GET", jobs+"/say", nil)
	s.do(404, "GET", jobs+"/none", nil)
	require.Equal(s.t, []any{"hello"}, s.do(200, "GET", jobs+"/say/steps/0/logs", nil).values("message"))
	s.do(404, "GET", jobs+"/say/steps/9/logs", nil)
	s.do(200, "GET", item+"/batches/artefact", nil)
	s.do(404, "GET", item+"/batches/other", nil)

	again := s.do(201, "POST", item+"/runs/"+approved+"/restart", nil).object()["id"].(string)
	s.do(204, "POST", item+"/runs/"+again+"/cancel", nil)
	s.ended(item+"/runs/"+again, "cancelled")
	s.do(204, "DELETE", item+"/runs/"+approved, nil)
	s.do(404, "GET", item+"/runs/"+approved, nil)
	s.do(204, "DELETE", item+"/criteria/"+criteria["id"].(string), nil)
	s.do(204, "DELETE", item, nil)
}

// ended waits for the end of a run.
func (s *scenario) ended(run, status string) {
	s.t.Helper()
	var now map[string]any
	s.until("run "+run+" ends", func() bool {
		now = s.do(200, "GET", run, nil).object()
		return now["completed_at"] != nil
	})
	require.Equal(s.t, status, now["status"], now["status_message"])
}
