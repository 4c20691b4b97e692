package compat

import "github.com/stretchr/testify/require"

// operate changes what runs. Deliveries of this instance go to Git, where
// nothing can be changed, so an application of its own has a cluster, which need
// not answer: operations are accepted and wait.
func (s *scenario) operate(at shop) {
	s.do(204, "PUT", at.env+"/runtime/paused", false)
	app := s.org + "/apps/compat-operate"
	s.do(201, "POST", s.org+"/apps", object{"id": "compat-operate", "name": "Operate"})
	s.do(200, "POST", s.org+"/resources/defs", object{
		"id": "compat-operate", "name": "cluster", "type": "k8s-cluster", "driver_type": "humanitec/echo",
		"criteria": array{object{"app_id": "compat-operate"}},
		"driver_inputs": object{"values": object{"cluster_type": "k8s", "name": "none", "cluster_data": object{"server": "https://127.0.0.1:1"}},
			"secrets": object{"credentials": object{"token": "none"}}},
	})
	env := app + "/envs/development"
	plain := object{"profile": "humanitec/default-module", "spec": object{"containers": object{"main": object{"id": "main", "image": "nginx:1"}}}}
	delta := s.do(200, "POST", app+"/deltas", object{"modules": object{"add": object{"web": plain}}}).text()
	id := s.do(201, "POST", env+"/deploys", object{"delta_id": delta}).object()["id"].(string)
	s.until("the cluster is known", func() bool {
		require.NotEqual(s.t, "failed", s.do(200, "GET", env+"/deploys/"+id, nil).object()["status"], "%v", s.do(200, "GET", env+"/deploys/"+id+"/errors", nil).list())
		for _, resource := range s.do(200, "GET", env+"/resources", nil).list() {
			if resource["type"] == "k8s-cluster" && resource["status"] == "active" {
				return true
			}
		}
		return false
	})
	s.do(204, "PATCH", env+"/runtime/replicas", object{"web": 2})
	s.do(400, "PATCH", env+"/runtime/replicas", object{"nothere": 2})
	s.do(204, "PUT", env+"/runtime/paused", true)
	require.True(s.t, s.do(200, "GET", env+"/runtime/paused", nil).object()["paused"].(bool))
	operations := s.do(200, "GET", env+"/operations", nil).list()
	require.Len(s.t, operations, 2)
	for _, o := range operations {
		s.do(200, "POST", env+"/operations/"+o["id"].(string)+"/cancel", nil)
	}
	s.do(202, "POST", env+"/deploys/"+id+"/cancel", nil)
	s.deployed(env, id)
}
