package compat

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/stretchr/testify/require"
)

func (s *scenario) resourceTypes() {
	types := s.org + "/resources/types"
	schema := object{"type": "object", "properties": object{"size": object{"type": "string"}}}
	made := s.do(200, "POST", types, object{"type": "demo/thing", "name": "Thing", "use": "direct", "category": "other", "inputs_schema": schema, "outputs_schema": schema}).object()
	name := made["type"].(string)
	id := url.PathEscape(name)
	s.do(409, "POST", types, object{"type": name, "use": "direct"})
	require.Contains(s.t, s.do(200, "GET", types, nil).values("type"), name)
	s.do(200, "PATCH", types+"/"+id, object{"name": "A thing"})
	s.do(200, "PUT", types+"/"+id, object{"use": "direct", "name": "Thing", "category": "other", "inputs_schema": schema, "outputs_schema": schema})

	classes := types + "/postgres/classes"
	s.do(200, "POST", classes, object{"id": "large", "description": "big"})
	s.do(409, "POST", classes, object{"id": "large", "description": "again"})
	s.do(200, "GET", classes+"/large", nil)
	s.do(200, "PATCH", classes+"/large", object{"description": "bigger"})
	s.do(200, "GET", s.org+"/resources/classes", nil)
	s.do(204, "DELETE", classes+"/large", nil)
	s.do(404, "GET", classes+"/large", nil)
	s.do(204, "DELETE", types+"/"+id, nil)
	s.do(404, "DELETE", types+"/"+id, nil)
}

func (s *scenario) drivers() {
	drivers := s.org + "/resources/drivers"
	virtual := object{"type": "s3", "target": "driver://humanitec/template", "account_types": array{}, "inputs_schema": object{},
		"template": object{"driver_inputs": object{"values": object{"templates": object{"outputs": "bucket: compat"}}}}}
	create := object{"id": "compat-driver"}
	for k, v := range virtual {
		create[k] = v
	}
	made := s.do(200, "POST", drivers, create).object()
	s.do(409, "POST", drivers, create)
	id := made["id"].(string)
	require.Contains(s.t, s.do(200, "GET", drivers, nil).values("id"), id)
	s.do(200, "GET", drivers+"/"+id, nil)
	s.do(200, "PUT", drivers+"/"+id, virtual)
	s.do(204, "DELETE", drivers+"/"+id, nil)
	s.do(404, "GET", drivers+"/"+id, nil)
}

func definition(id string) object {
	return object{"id": id, "name": "Compat", "type": "s3", "driver_type": "humanitec/echo",
		"driver_inputs": object{"values": object{"bucket": "one", "region": "here"}, "secrets": object{"key": "compat-secret-input"}}}
}

func (s *scenario) definitions() {
	defs := s.org + "/resources/defs"
	s.do(200, "POST", defs, definition("compat-def"))
	s.do(409, "POST", defs, definition("compat-def"))
	bad := definition("compat-bad")
	delete(bad, "driver_type")
	s.do(400, "POST", defs, bad)
	def := defs + "/compat-def"
	require.Contains(s.t, s.do(200, "GET", defs, nil).values("id"), "compat-def")
	require.NotContains(s.t, string(s.do(200, "GET", def, nil).body), "compat-secret-input")
	s.do(200, "PATCH", def, object{"name": "Changed", "driver_inputs": object{"values": object{"bucket": "two", "region": "here"}}})
	s.do(200, "PUT", def, object{"name": "Put", "driver_type": "humanitec/echo", "driver_inputs": object{"values": object{"bucket": "three", "region": "here"}}})
	proposed := s.do(200, "PATCH", def, object{"name": "Proposed", "proposed": true, "driver_inputs": object{"values": object{"bucket": "four", "region": "here"}}})
	require.Equal(s.t, 200, proposed.status)
	versions := s.do(200, "GET", def+"/versions", nil).list()
	require.GreaterOrEqual(s.t, len(versions), 3)
	s.do(200, "GET", def+"/versions?per_page=2", nil)
	newest, oldest := versions[0]["id"].(string), versions[len(versions)-1]["id"].(string)
	s.do(200, "GET", def+"/versions/"+newest, nil)
	s.do(204, "POST", def+"/versions/"+newest+"/actions/promote", nil)
	s.do(204, "POST", def+"/versions/"+oldest+"/actions/archive", object{"archived": true})
	s.do(404, "GET", def+"/versions/00000000-0000-0000-0000-000000000000", nil)
	s.criteria(def)
	s.do(204, "DELETE", def, nil)
	s.do(404, "GET", def, nil)
	s.do(200, "GET", def+"?deleted=true", nil)
}

func (s *scenario) criteria(def string) {
	made := s.do(200, "POST", def+"/criteria", object{"app_id": "compat-none", "res_id": "modules.web.externals.store"}).object()
	s.do(409, "POST", def+"/criteria", object{"app_id": "compat-none", "res_id": "modules.web.externals.store"})
	s.do(204, "DELETE", def+"/criteria/"+made["id"].(string), nil)
	s.do(404, "DELETE", def+"/criteria/"+made["id"].(string), nil)
	put := s.do(200, "PUT", def+"/criteria", array{object{"app_id": "compat-none"}}).list()
	require.Len(s.t, put, 1)
	s.do(200, "PUT", def+"/criteria", array{})
}

func (s *scenario) activeResources(at shop) {
	list := s.do(200, "GET", at.env+"/resources", nil).list()
	require.NotEmpty(s.t, list)
	s.do(200, "GET", at.env+"/resources?scheduled_deletion=true", nil)
	var host object
	for _, r := range list {
		if r["type"] == "dns" {
			host = r
		}
	}
	require.NotNil(s.t, host, "the shop's host is among %v", list)
	def := s.org + "/resources/defs/" + host["def_id"].(string)
	require.NotEmpty(s.t, s.do(200, "GET", def+"/resources", nil).list())

	want := array{object{"id": "modules.web.externals.host", "type": "dns"}}
	require.NotEmpty(s.t, s.do(200, "POST", at.env+"/resources/graph", want).list())
	graph := s.do(200, "POST", at.env+"/resources/graphs", want).object()
	s.do(200, "GET", at.env+"/resources/graphs/"+graph["id"].(string), nil)
	s.do(404, "GET", at.env+"/resources/graphs/00000000-0000-0000-0000-000000000000", nil)

	resource := at.env + "/resources/dns/" + host["res_id"].(string)
	version := s.do(200, "GET", def+"/versions", nil).list()[0]["id"]
	s.do(200, "POST", resource+"/actions/pin", object{"target_def_version_id": version})
	s.do(409, "DELETE", resource, nil) // in use
	s.do(404, "DELETE", at.env+"/resources/dns/nothing", nil)
}

// dropped deletes a resource that no workload asks for any more.
func (s *scenario) dropped(at shop) {
	delta := s.do(200, "POST", at.app+"/deltas", object{"modules": object{"remove": array{"web"}}}).text()
	id := s.do(201, "POST", at.env+"/deploys", object{"delta_id": delta}).object()["id"].(string)
	require.Equal(s.t, "succeeded", s.deployed(at.env, id)["status"])
	for _, resource := range []string{"workload/modules.web", "ingress/modules.web.externals.host", "dns/modules.web.externals.host"} {
		s.removed(at.env + "/resources/" + resource)
		kind, id, _ := strings.Cut(resource, "/")
		s.until("it is gone", func() bool {
			return !slices.ContainsFunc(s.do(200, "GET", at.env+"/resources", nil).list(), func(r object) bool { return r["type"] == kind && r["res_id"] == id })
		})
	}
}

func (s *scenario) workloadProfiles() {
	profiles := s.org + "/workload-profiles"
	all := s.do(200, "GET", profiles, nil).list()
	require.NotEmpty(s.t, all)
	s.do(200, "GET", profiles+"?per_page="+strconv.Itoa(1), nil)
	s.do(200, "GET", s.org+"/workload-profile-features", nil)
	const builtIn = "humanitec%2Fdefault-module"
	s.do(200, "GET", profiles+"/"+builtIn, nil)
	s.do(200, "GET", profiles+"/"+builtIn+"/versions", nil)
	s.do(200, "GET", profiles+"/"+builtIn+"/versions/latest", nil)
	s.do(404, "GET", profiles+"/nothere", nil)
}
