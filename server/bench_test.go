package server_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkReads measures whole requests, authentication included, over a
// store with some hundred environments.
func BenchmarkReads(b *testing.B) {
	h := newHarness(b)
	for i := range 200 {
		h.app(fmt.Sprintf("app-%d", i))
	}
	h.do("POST", "/orgs/"+org+"/apps/app-0/envs/development/deploys", `{}`).must(http.StatusCreated, nil)
	for name, path := range map[string]string{
		"current user": "/current-user",
		"environment":  "/orgs/" + org + "/apps/app-0/envs/development",
		"deployments":  "/orgs/" + org + "/apps/app-0/envs/development/deploys",
		"applications": "/orgs/" + org + "/apps",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				request := httptest.NewRequest(http.MethodGet, path, nil)
				request.Header.Set("Authorization", "Bearer "+h.token)
				recorder := httptest.NewRecorder()
				h.server.Handler().ServeHTTP(recorder, request)
				if recorder.Code != http.StatusOK {
					b.Fatal(recorder.Body)
				}
			}
		})
	}
}
