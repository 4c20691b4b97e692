package compat

import (
	"net/url"

	"github.com/stretchr/testify/require"
)

func (s *scenario) artefacts() {
	versions, artefacts := s.org+"/artefact-versions", s.org+"/artefacts"
	image := object{"type": "container", "name": "registry.test/compat/api", "version": "1.0.0", "ref": "refs/heads/main", "commit": "884bccaa807ea27cc1997a7492a3b6279fd7bd55"}
	made := s.do(200, "POST", versions, image).object()
	require.Equal(s.t, made["id"], s.do(200, "POST", versions, image).object()["id"])
	s.do(400, "POST", versions, object{"type": "container"})
	s.do(400, "POST", versions, object{"type": "container", "name": "a", "ref": "main"})
	id, artefact := made["id"].(string), made["artefact_id"].(string)
	s.do(200, "GET", versions+"/"+id, nil)
	require.Contains(s.t, s.do(200, "GET", versions+"?reference="+url.QueryEscape("registry.test/compat/api:1.0.0"), nil).values("id"), id)
	require.Contains(s.t, s.do(200, "GET", artefacts+"?type=container", nil).values("id"), artefact)
	require.Contains(s.t, s.do(200, "GET", artefacts+"/"+artefact+"/versions", nil).values("id"), id)
	s.do(200, "PATCH", artefacts+"/"+artefact+"/versions/"+id, object{"archived": true})
	require.NotContains(s.t, s.do(200, "GET", artefacts+"/"+artefact+"/versions", nil).values("id"), id)
	require.Contains(s.t, s.do(200, "GET", artefacts+"/"+artefact+"/versions?archived=true", nil).values("id"), id)

	spec := object{"apiVersion": "score.dev/v1b1", "metadata": object{"name": "compat"}, "containers": object{"main": object{"image": "."}}}
	workload := object{"type": "workload", "name": "compat", "version": "1", "spec": spec, "image": "busybox:1"}
	s.do(204, "POST", versions+"?dry_run=true", workload)
	stored := s.do(200, "POST", versions, workload).object()["id"].(string)
	form := s.upload(200, versions, map[string]string{"type": "workload", "name": "compat", "version": "2", "image": "busybox:2"},
		map[string][2]string{"spec": {"score.yaml", "apiVersion: score.dev/v1b1\nmetadata:\n  name: compat\ncontainers:\n  main:\n    image: .\n"}}).object()
	require.Equal(s.t, "2", form["version"])
	require.Equal(s.t, "score.dev/v1b1", s.do(200, "GET", versions+"/"+stored+"/workload-spec", nil).object()["apiVersion"])
	require.Contains(s.t, s.do(200, "GET", versions+"/"+stored+"/workload-deployment-set", nil).object()["modules"], "compat")
	s.do(404, "GET", versions+"/compat-nothere/workload-spec", nil)

	images := s.org + "/images"
	s.do(204, "POST", images+"/compat-image/builds", object{"image": "registry.test/compat/old:1", "commit": "884bccaa807", "branch": "main", "tags": array{"v1"}})
	require.Contains(s.t, s.do(200, "GET", images, nil).values("id"), "compat-image")
	s.do(200, "GET", images+"/compat-image", nil)
	require.Equal(s.t, array{"registry.test/compat/old:1"}, s.do(200, "GET", images+"/compat-image/builds", nil).values("image"))
	s.do(204, "DELETE", artefacts+"/"+artefact, nil)
	s.do(404, "GET", versions+"/"+id, nil)
}

func (s *scenario) automation(at shop) {
	rules := at.env + "/rules"
	made := s.do(201, "POST", rules, object{"type": "update", "match_ref": "^refs/heads/release$", "artefacts_filter": array{"registry.test/compat/web"}}).object()
	rule := rules + "/" + made["id"].(string)
	require.Contains(s.t, s.do(200, "GET", rules, nil).values("id"), made["id"])
	s.do(200, "GET", rule, nil)
	s.do(200, "PUT", rule, object{"type": "update", "active": true, "update_to": "branch", "match": "^never$", "images_filter": array{"x"}})
	s.do(400, "POST", rules, object{"type": "update", "match": "a", "match_ref": "b"})
	s.do(200, "GET", at.env+"/pushes", nil)
	s.do(204, "DELETE", rule, nil)
	s.do(404, "GET", rule, nil)
}

func (s *scenario) webhooks(at shop) {
	require.NotEmpty(s.t, s.do(200, "GET", s.org+"/events", nil).list())
	hooks := at.app + "/webhooks"
	body := object{
		"id": "compat-hook", "url": "hooks.example.com/x", "disabled": true, "headers": object{"X-Key": "value"}, "payload": object{"text": "${event}"},
		"triggers": array{object{"scope": "deployment", "type": "finished"}},
	}
	s.do(201, "POST", hooks, body)
	s.do(409, "POST", hooks, body)
	hook := hooks + "/compat-hook"
	require.Contains(s.t, s.do(200, "GET", hooks, nil).values("id"), "compat-hook")
	s.do(200, "GET", hook, nil)
	require.NotContains(s.t, s.do(200, "PATCH", hook, object{"headers": object{}, "payload": object{}}).object(), "id")
	s.do(200, "GET", hook+"/deliveries", nil)
	s.do(204, "DELETE", hook, nil)
	s.do(404, "GET", hook, nil)
	s.do(204, "DELETE", at.app+"/jobs", nil)
}

func (s *scenario) containerLogs(at shop) {
	s.do(200, "GET", at.env+"/logs?limit=10&asc=true", nil)
	s.do(400, "GET", at.env+"/logs?limit=many", nil)
}

func (s *scenario) runtime(at shop) {
	s.do(200, "GET", at.env+"/runtime", nil)
	s.do(200, "GET", at.env+"/runtime/events?limit=10", nil)
	s.do(404, "GET", at.app+"/envs/none/runtime", nil)
	s.do(200, "GET", at.app+"/runtime?id=development&id=none", nil)
	s.do(400, "GET", at.app+"/runtime", nil)
	s.do(200, "POST", s.org+"/runtime/actions/check-connectivity", object{"app_id": "shop", "env_id": "new", "env_type": "development", "expected_definitions": array{}})
	s.do(400, "POST", s.org+"/runtime/actions/check-connectivity", object{"app_id": "shop"})
}
