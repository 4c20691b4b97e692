package compat

import (
	"net/url"

	"github.com/stretchr/testify/require"
)

func (s *scenario) pipelines(at shop) {
	const text = "# kept\nname: Compat\nid: compat-pipeline\nmetadata: {team: compat}\non:\n  deployment_request:\njobs:\n" +
		"  a:\n    steps:\n    - uses: actions/humanitec/log\n      with: {message: hi}\n"
	send := func(want int, method, path, body string) reply {
		s.t.Helper()
		return s.exchange(want, exchange{method: method, path: path, accept: "application/json", requestBody: []byte(body), contentType: "application/x-yaml"})
	}
	all := at.app + "/pipelines"
	send(204, "POST", all+"?dry_run=true", text)
	made := send(201, "POST", all, text).object()
	send(409, "POST", all, text)
	send(400, "POST", all, "name: Compat\n")
	item := all + "/" + made["id"].(string)
	require.Equal(s.t, made["version"], s.do(200, "GET", item, nil).object()["version"])
	require.Contains(s.t, s.do(200, "GET", all+"?"+url.QueryEscape("metadata[team]")+"=compat", nil).values("id"), made["id"])
	require.Contains(s.t, s.do(200, "GET", s.org+"/pipelines?trigger=deployment_request", nil).values("id"), made["id"])
	send(204, "PATCH", item+"?dry_run=true", text)
	require.NotEqual(s.t, made["version"], send(200, "PATCH", item, text).object()["version"])
	require.Len(s.t, s.do(200, "GET", item+"/versions", nil).list(), 2)
	require.Equal(s.t, "Compat", s.do(200, "GET", item+"/schema", nil).object()["name"])
	require.Equal(s.t, "object", s.do(200, "GET", s.org+"/pipeline-schemas/latest", nil).object()["type"])
	s.do(404, "GET", all+"/compat-none", nil)

	criteria := s.do(201, "POST", item+"/criteria", object{"trigger": "deployment_request", "env_id": "later", "deployment_type": "re-deploy"}).object()
	one := item + "/criteria/" + criteria["id"].(string)
	s.do(409, "POST", item+"/criteria", object{"trigger": "deployment_request", "env_id": "later", "deployment_type": "redeploy"})
	s.do(400, "POST", item+"/criteria", object{"trigger": "artefact"})
	s.do(200, "GET", one, nil)
	require.Contains(s.t, s.do(200, "GET", at.app+"/pipeline-criteria?pipeline=compat-pipeline", nil).values("id"), criteria["id"])
	s.do(204, "DELETE", one, nil)
	s.do(404, "GET", one, nil)
	s.do(204, "DELETE", item, nil)
	s.do(404, "GET", item, nil)
}
