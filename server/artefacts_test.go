package server_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

const (
	versionsPath  = "/orgs/" + org + "/artefact-versions"
	artefactsPath = "/orgs/" + org + "/artefacts"
	helloSpec     = `{"apiVersion":"score.dev/v1b1","metadata":{"name":"hello"},"containers":{"main":{"image":"."}}}`
)

// push registers an image and returns the version.
func (h *harness) push(body string) api.ArtefactVersion {
	h.t.Helper()
	var v api.ArtefactVersion
	h.do("POST", versionsPath, body).must(http.StatusOK, &v)
	return v
}

func TestContainerVersions(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	first := h.push(`{"type":"container","name":"registry.test/acme/api","version":"1","ref":"refs/heads/main","commit":"884bccaa807ea27cc1997a7492a3b6279fd7bd55"}`)
	require.NotEmpty(t, first.ID)
	require.Empty(t, *first.Digest)
	require.Equal(t, h.admin.ID, first.CreatedBy)
	again := h.push(`{"type":"container","name":"registry.test/acme/api","version":"1","ref":"refs/heads/main","commit":"884bccaa807ea27cc1997a7492a3b6279fd7bd55"}`)
	require.Equal(t, first.ID, again.ID, "CI may repeat a registration")
	digest := "sha256:" + strings.Repeat("ab", 32)
	second := h.push(`{"type":"container","name":"registry.test/acme/api","version":"2","digest":"` + digest + `","commit":"` + strings.Repeat("a", 64) + `"}`)
	other := h.push(`{"type":"container","name":"registry.test:5000/web"}`)
	require.Empty(t, other.Version)

	bare := h.do("GET", versionsPath+"/"+other.ID, "").must(http.StatusOK, nil)
	require.NotContains(t, bare.Body, `"version"`, "an unset version is absent")
	require.Contains(t, bare.Body, `"commit":""`)

	ids := func(query string) []string {
		var list []api.ArtefactVersion
		h.do("GET", versionsPath+query, "").must(http.StatusOK, &list)
		out := []string{}
		for _, v := range list {
			out = append(out, v.ID)
		}
		return out
	}
	name := url.QueryEscape("registry.test/acme/api")
	require.Equal(t, []string{other.ID, second.ID, first.ID}, ids(""))
	require.Equal(t, []string{second.ID, first.ID}, ids("?name="+name))
	require.Equal(t, []string{first.ID}, ids("?reference="+name+":1"))
	require.Equal(t, []string{second.ID}, ids("?reference="+name+"@"+digest))
	require.Equal(t, []string{second.ID}, ids("?reference="+name+":2@"+digest+"&type=containers"))
	require.Empty(t, ids("?type=workload"))
	h.do("GET", versionsPath+"?name="+name+"&reference="+name+":1", "").fails(http.StatusBadRequest, "together")
	h.do("GET", versionsPath+"?reference="+name, "").fails(http.StatusBadRequest, "NAME:VERSION")

	var artefacts []api.Artefact
	h.do("GET", artefactsPath, "").must(http.StatusOK, &artefacts)
	require.Len(t, artefacts, 2)
	h.do("GET", artefactsPath+"?name="+name+"&type=container", "").must(http.StatusOK, &artefacts)
	require.Len(t, artefacts, 1)
	item := artefactsPath + "/" + artefacts[0].ID
	require.Equal(t, first.ArtefactID, artefacts[0].ID)

	var archived api.ArtefactVersion
	h.do("PATCH", item+"/versions/"+first.ID, `{"archived":true}`).must(http.StatusOK, &archived)
	require.True(t, archived.Archived)
	require.Equal(t, []string{second.ID}, ids("?name="+name))
	require.Equal(t, []string{second.ID, first.ID}, ids("?archived=true&name="+name))
	var list []api.ArtefactVersion
	h.do("GET", item+"/versions?archived=true&limit=1", "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
	h.do("GET", item+"/versions", "").must(http.StatusOK, &list)
	require.Len(t, list, 1)
	h.push(`{"type":"container","name":"registry.test/acme/api","version":"1","ref":"refs/heads/main","commit":"884bccaa807ea27cc1997a7492a3b6279fd7bd55"}`)
	require.Equal(t, []string{second.ID, first.ID}, ids("?name="+name), "registering it again brings it back")

	h.do("PATCH", item+"/versions/"+first.ID, `{}`).fails(http.StatusBadRequest, "archived")
	h.do("PATCH", item+"/versions/"+other.ID, `{"archived":true}`).fails(http.StatusNotFound, other.ID)
	h.do("PATCH", artefactsPath+"/none/versions/"+first.ID, `{"archived":true}`).fails(http.StatusNotFound, "none")
	h.do("GET", artefactsPath+"/none/versions", "").fails(http.StatusNotFound, "none")
	h.do("GET", versionsPath+"/none", "").fails(http.StatusNotFound, "none")
	h.do("GET", versionsPath+"/"+first.ID+"/workload-spec", "").fails(http.StatusBadRequest, "container")
	h.do("DELETE", item, "").must(http.StatusNoContent, nil)
	h.do("DELETE", item, "").fails(http.StatusNotFound, artefacts[0].ID)
	require.Equal(t, []string{other.ID}, ids(""))
	h.as(h.rival, "GET", versionsPath+"/"+other.ID, "").fails(http.StatusNotFound)
}

func TestRefusedRegistrations(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for name, c := range map[string]struct{ body, want string }{
		"no type":           {`{"name":"a"}`, "type"},
		"unknown type":      {`{"type":"helm","name":"a"}`, "helm"},
		"no name":           {`{"type":"container"}`, "name"},
		"name with a tag":   {`{"type":"container","name":"a/b:1"}`, `"a/b"`},
		"bad tag":           {`{"type":"container","name":"a","version":"a b"}`, "version"},
		"bad digest":        {`{"type":"container","name":"a","digest":"abc"}`, "digest"},
		"bad ref":           {`{"type":"container","name":"a","ref":"main"}`, "refs/heads/main"},
		"bad commit":        {`{"type":"container","name":"a","commit":"HEAD"}`, "commit"},
		"spec of an image":  {`{"type":"container","name":"a","spec":{}}`, "spec"},
		"no spec":           {`{"type":"workload","name":"a"}`, "spec"},
		"digest of a score": {`{"type":"workload","name":"a","digest":"sha256:x","spec":` + helloSpec + `}`, "digest"},
		"invalid score":     {`{"type":"workload","name":"a","spec":{"apiVersion":"score.dev/v1b1"}}`, "metadata"},
		"not an object":     {`[]`, "object"},
		"nothing":           {``, "empty"},
	} {
		h.do("POST", versionsPath, c.body).fails(http.StatusBadRequest, c.want)
		var list []api.Artefact
		h.do("GET", artefactsPath, "").must(http.StatusOK, &list)
		require.Empty(t, list, name)
	}
	h.do("POST", versionsPath+"?vcs=svn", `{"type":"container","name":"a","ref":"trunk"}`).must(http.StatusOK, nil)
}

func TestWorkloadVersions(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	body := `{"type":"workload","name":"hello","version":"1","spec":` + helloSpec + `,"image":"busybox:1","extensions":{"apiVersion":"humanitec.org/v1b1","spec":{"labels":{"a":"<b>"}}}}`
	dry := h.do("POST", versionsPath+"?dry_run=true", body).must(http.StatusNoContent, nil)
	require.Empty(t, dry.Body)
	for media, want := range map[string]string{
		"application/x.workload-deployment-set+json":   `"image":"busybox:1"`,
		"application/x.workload-deployment-set+x-yaml": "image: busybox:1",
	} {
		request := httptest.NewRequest(http.MethodPost, versionsPath+"?dry_run=true", strings.NewReader(body))
		request.Header.Set("Accept", media)
		got := h.send(request)
		require.Equal(t, http.StatusOK, got.Status, got.Body)
		require.Equal(t, media, got.Header.Get("Content-Type"))
		require.Contains(t, got.Body, want)
	}
	var list []api.ArtefactVersion
	h.do("GET", versionsPath, "").must(http.StatusOK, &list)
	require.Empty(t, list, "a dry run stores nothing")

	v := h.push(body)
	require.Nil(t, v.Digest)
	item := versionsPath + "/" + v.ID
	var spec map[string]any
	h.do("GET", item+"/workload-spec", "").must(http.StatusOK, &spec)
	require.Equal(t, "score.dev/v1b1", spec["apiVersion"])
	set := h.do("GET", item+"/workload-deployment-set", "").must(http.StatusOK, nil)
	require.Contains(t, set.Body, `"a":"<b>"`)
	request := httptest.NewRequest(http.MethodGet, item+"/workload-spec", nil)
	request.Header.Set("Accept", "application/x-yaml")
	asYAML := h.send(request)
	require.Equal(t, "application/x-yaml", asYAML.Header.Get("Content-Type"))
	require.Contains(t, asYAML.Body, "apiVersion: score.dev/v1b1")
	require.Equal(t, v.ID, h.push(body).ID)
	require.NotEqual(t, v.ID, h.push(strings.Replace(body, "busybox:1", "busybox:2", 1)).ID, "another conversion is another version")
}

// send sends a request as the administrator.
func (h *harness) send(request *http.Request) answer {
	h.t.Helper()
	request.Header.Set("Authorization", "Bearer "+h.token)
	recorder := httptest.NewRecorder()
	h.server.Handler().ServeHTTP(recorder, request)
	got := recorder.Result()
	text, err := io.ReadAll(got.Body)
	require.NoError(h.t, err)
	return answer{t: h.t, Status: got.StatusCode, Header: got.Header, Body: string(text)}
}

func TestWorkloadVersionAsForm(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	post := func(fields map[string]string) answer {
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		for name, value := range fields {
			part, err := w.CreateFormFile(name, name+".yaml")
			require.NoError(t, err)
			_, err = part.Write([]byte(value))
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		request := httptest.NewRequest(http.MethodPost, versionsPath, &form)
		request.Header.Set("Content-Type", w.FormDataContentType())
		return h.send(request)
	}
	score := "apiVersion: score.dev/v1b1\nmetadata:\n  name: hello\ncontainers:\n  main:\n    image: .\n"
	var v api.ArtefactVersion
	post(map[string]string{
		"type": "workload", "name": "hello", "version": "1", "ref": "refs/heads/main", "spec": score, "image": "busybox:1",
		"property_overrides": `{"containers.main.variables.A":"b"}`,
	}).must(http.StatusOK, &v)
	require.Equal(t, "refs/heads/main", v.Ref)
	set := h.do("GET", versionsPath+"/"+v.ID+"/workload-deployment-set", "").must(http.StatusOK, nil)
	require.Contains(t, set.Body, `"A":"b"`)
	require.Contains(t, set.Body, `busybox:1`)
	post(map[string]string{"type": "workload", "name": "hello", "spec": "a: [b"}).fails(http.StatusBadRequest, `"spec"`)
	post(map[string]string{"type": "workload", "name": "hello", "spec": "- a"}).fails(http.StatusBadRequest, `"spec"`)
	request := httptest.NewRequest(http.MethodPost, versionsPath, strings.NewReader("x"))
	request.Header.Set("Content-Type", "multipart/form-data")
	h.send(request).fails(http.StatusBadRequest, "boundary")
	request = httptest.NewRequest(http.MethodPost, versionsPath, strings.NewReader("--x\r\nnothing"))
	request.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	h.send(request).fails(http.StatusBadRequest, "form")
}

func TestWhoMayRegisterArtefacts(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	v := h.push(`{"type":"container","name":"a","version":"1"}`)
	for role, want := range map[string]struct{ read, write, archive int }{
		orchestrator.RoleOrgViewer:           {200, 403, 403},
		orchestrator.RoleMember:              {200, 403, 403},
		orchestrator.RoleArtefactContributor: {200, 200, 403},
		orchestrator.RoleManager:             {200, 200, 403},
		orchestrator.RoleAdministrator:       {200, 200, 200},
	} {
		_, token := h.user("service", map[string]string{orchestrator.OrgObject(org): role})
		require.Equal(t, want.read, h.as(token, "GET", versionsPath, "").Status, role)
		require.Equal(t, want.write, h.as(token, "POST", versionsPath, `{"type":"container","name":"a","version":"1"}`).Status, role)
		build := h.as(token, "POST", "/orgs/"+org+"/images/a/builds", `{"image":"a:2"}`).Status
		require.Equal(t, want.write == 200, build == 204, role)
		require.Equal(t, want.archive, h.as(token, "PATCH", artefactsPath+"/"+v.ArtefactID+"/versions/"+v.ID, `{"archived":false}`).Status, role)
		if want.archive == 403 {
			require.Equal(t, 403, h.as(token, "DELETE", artefactsPath+"/"+v.ArtefactID, "").Status, role)
		}
	}
}

func TestImages(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const images = "/orgs/" + org + "/images"
	h.do("POST", images+"/api/builds", `{"image":"registry.test/acme/api:1","commit":"884bccaa807","branch":"main","tags":["v1"]}`).must(http.StatusNoContent, nil)
	h.do("POST", images+"/api/builds", `{"image":"registry.test/acme/api:2","commit":"994bccaa807","branch":"","tags":[]}`).must(http.StatusNoContent, nil)
	h.push(`{"type":"container","name":"web","version":"3","ref":"refs/tags/v3"}`)
	var list []api.Image
	h.do("GET", images, "").must(http.StatusOK, &list)
	require.Len(t, list, 2)
	var image api.Image
	h.do("GET", images+"/api", "").must(http.StatusOK, &image)
	require.Len(t, image.Builds, 2)
	require.Equal(t, "registry.test/acme/api:1", image.Builds[0].Image, "oldest first")
	require.Equal(t, "main", image.Builds[0].Branch)
	require.Equal(t, []string{"v1"}, image.Builds[0].Tags)
	var builds []api.ImageBuild
	h.do("GET", images+"/web/builds", "").must(http.StatusOK, &builds)
	require.Equal(t, []string{"v3"}, builds[0].Tags)
	var versions []api.ArtefactVersion
	h.do("GET", versionsPath+"?name="+url.QueryEscape("registry.test/acme/api"), "").must(http.StatusOK, &versions)
	require.Len(t, versions, 2, "both APIs show the same records")
	require.Equal(t, "refs/heads/main", versions[1].Ref)

	h.do("GET", images+"/none", "").fails(http.StatusNotFound, "none")
	h.do("GET", images+"/none/builds", "").fails(http.StatusNotFound, "none")
	h.do("POST", images+"/api/builds", `{}`).fails(http.StatusBadRequest, "image")
	h.do("POST", images+"/api/builds", `{"image":"a:b c"}`).fails(http.StatusBadRequest)
	h.do("POST", images+"/%20/builds", `{"image":"a:1"}`).fails(http.StatusBadRequest, "image id")
}
