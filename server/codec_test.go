package server_test

import (
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/temporal"
	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/server"
)

const (
	webUI    = "https://temporal.example.com"
	codecURL = "/temporal/codec"
	door     = "a-long-and-unguessable-segment"
)

// codecHarness is a server with a codec server, and what it should open.
type codecHarness struct {
	*harness
	both   string // token of a user who administers both organizations
	sealed string // a document with one encrypted payload
	keeper *secrets.Keeper
}

func newCodecHarness(t *testing.T) *codecHarness {
	t.Helper()
	h := &codecHarness{harness: newHarness(t)}
	h.keeper = newKeyset(t)
	service := orchestrator.New(orchestrator.Options{
		Store: h.store, Workflows: h.workflows, Keeper: h.keeper, Drivers: fakeCatalogue{}, Payloads: temporal.NewDocumentCodec(h.keeper, "slipway"),
	})
	log := slog.New(slog.NewJSONHandler(h.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	h.server = server.New(server.Options{Service: service, Log: log, Codec: &server.CodecServer{Origins: []string{webUI}, Door: door}})
	id, both := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleAdministrator})
	h.both = both
	require.NoError(t, h.store.PutRole(t.Context(), orchestrator.RoleBinding{
		OrgID: otherOrg, SubjectID: id, Object: orchestrator.OrgObject(otherOrg), Role: orchestrator.RoleAdministrator,
	}))
	h.sealed = sealedDocument(t, h.keeper, "slipway")
	return h
}

func newKeyset(t *testing.T) *secrets.Keeper {
	t.Helper()
	keeper, err := secrets.Create(filepath.Join(t.TempDir(), "keyset.json"))
	require.NoError(t, err)
	return keeper
}

// sealedDocument is what the Web UI sends: a payload as a worker has encrypted it.
func sealedDocument(t *testing.T, keeper *secrets.Keeper, namespace string) string {
	t.Helper()
	plain, err := converter.GetDefaultDataConverter().ToPayload(map[string]any{"org": "acme", "id": "shipment-7"})
	require.NoError(t, err)
	payloads, err := temporal.NewCodec(keeper, namespace).Encode([]*commonpb.Payload{plain})
	require.NoError(t, err)
	raw, err := protojson.Marshal(&commonpb.Payloads{Payloads: payloads})
	require.NoError(t, err)
	return string(raw)
}

// post sends what the Web UI sends, with and without its headers.
func (h *codecHarness) post(path, token, origin, namespace, body string) answer {
	h.t.Helper()
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.RemoteAddr = "127.0.0.1:50000"
	for name, value := range map[string]string{"X-Namespace": namespace, "Origin": origin} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return h.send(request)
}

func (h *codecHarness) send(request *http.Request) answer {
	recorder := httptest.NewRecorder()
	h.server.Handler().ServeHTTP(recorder, request)
	return answer{t: h.t, Status: recorder.Code, Header: recorder.Header(), Body: recorder.Body.String()}
}

func TestCodecServerAnswers(t *testing.T) {
	t.Parallel()
	h := newCodecHarness(t)
	pruned, damaged := sealedDocument(t, newKeyset(t), "slipway"), sealedDocument(t, h.keeper, "another")
	plain := `{"payloads":[{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"NDI="}]}`
	big := `{"payloads":[{"data":"` + strings.Repeat("A", 4<<20) + `"}]}`
	_, viewer := h.user("user", map[string]string{orchestrator.OrgObject(org): orchestrator.RoleOrgViewer})
	cases := map[string]struct {
		path, token, origin, namespace, body string
		status                               int
	}{
		"administrator of all":        {"/decode?preserveStorageRefs=true", h.both, webUI, "slipway", h.sealed, 200},
		"no browser":                  {"/decode", h.both, "", "slipway", h.sealed, 200},
		"no namespace":                {"/decode", h.both, "", "", h.sealed, 200},
		"never encrypted":             {"/decode", h.both, webUI, "slipway", plain, 200},
		"unknown fields":              {"/decode", h.both, webUI, "slipway", `{"payloads":[{"later":true}],"more":1}`, 200},
		"nothing to do":               {"/decode", h.both, webUI, "slipway", `{}`, 200},
		"through the door":            {"/" + door + "/decode?preserveStorageRefs=true", "", webUI, "slipway", h.sealed, 200},
		"another door":                {"/" + door + "x/decode", "", webUI, "slipway", h.sealed, 404},
		"a door and another origin":   {"/" + door + "/decode", "", "http://evil.example", "slipway", h.sealed, 403},
		"another origin":              {"/decode", h.both, "https://temporal.example.com.evil", "slipway", h.sealed, 403},
		"origin null":                 {"/decode", h.both, "null", "slipway", h.sealed, 403},
		"no token":                    {"/decode", "", webUI, "slipway", h.sealed, 401},
		"unknown token":               {"/decode", "sw_none", webUI, "slipway", h.sealed, 401},
		"administrator of one of two": {"/decode", h.token, webUI, "slipway", h.sealed, 403},
		"of the other one":            {"/decode", h.rival, webUI, "slipway", h.sealed, 403},
		"viewer":                      {"/decode", viewer, webUI, "slipway", h.sealed, 403},
		"viewer, encode":              {"/encode", viewer, webUI, "slipway", plain, 403},
		"another namespace":           {"/decode", h.both, webUI, "theirs", h.sealed, 404},
		"empty":                       {"/decode", h.both, webUI, "slipway", "", 400},
		"no JSON":                     {"/decode", h.both, webUI, "slipway", "{", 400},
		"null":                        {"/decode", h.both, webUI, "slipway", "null", 400},
		"a list":                      {"/decode", h.both, webUI, "slipway", "[]", 400},
		"no base64":                   {"/decode", h.both, webUI, "slipway", `{"payloads":[{"data":"%%%"}]}`, 400},
		"text instead of payloads":    {"/decode", h.both, webUI, "slipway", `{"payloads":"x"}`, 400},
		"no UTF-8":                    {"/decode", h.both, webUI, "slipway", "{\"payloads\":[{\"data\":\"\xff\"}]}", 400},
		"too large":                   {"/decode", h.both, webUI, "slipway", big, 413},
		"too large, through the door": {"/" + door + "/encode", "", webUI, "slipway", big, 413},
		"unknown key":                 {"/decode", h.both, webUI, "slipway", pruned, 422},
		"payload of another place":    {"/decode", h.both, webUI, "slipway", damaged, 422},
		"cut short":                   {"/decode", h.both, webUI, "slipway", `{"payloads":[{"metadata":{"encoding":"YmluYXJ5L2VuY3J5cHRlZA==","slipway-key-id":"Nw=="},"data":"AQID"}]}`, 422},
		"another operation":           {"/download", h.both, webUI, "slipway", h.sealed, 404},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own := *h.harness
			own.t = t
			got := (&codecHarness{harness: &own}).post(codecURL+c.path, c.token, c.origin, c.namespace, c.body)
			require.Equal(t, c.status, got.Status, got.Body)
			allowed := got.Header.Get("Access-Control-Allow-Origin")
			if c.origin == webUI && c.status != http.StatusNotFound {
				require.Equal(t, webUI, allowed, "the Web UI may read the answer, an error too")
			} else if c.origin != webUI {
				require.Empty(t, allowed)
			}
			if c.body == h.sealed && c.status == http.StatusOK {
				require.JSONEq(t, `{"id":"shipment-7","org":"acme"}`, firstPayload(t, got.Body))
			} else {
				require.NotContains(t, got.Body, "acme")
			}
		})
	}
}

func firstPayload(t *testing.T, document string) string {
	t.Helper()
	var payloads commonpb.Payloads
	require.NoError(t, protojson.Unmarshal([]byte(document), &payloads))
	require.Len(t, payloads.GetPayloads(), 1)
	return string(payloads.GetPayloads()[0].GetData())
}

// What the Web UI encodes for a signal is what a worker reads.
func TestCodecServerEncodes(t *testing.T) {
	t.Parallel()
	h := newCodecHarness(t)
	plain := `{"payloads":[{"metadata":{"encoding":"anNvbi9wbGFpbg=="},"data":"` + base64.StdEncoding.EncodeToString([]byte(`"go on"`)) + `"}]}`
	encoded := h.post(codecURL+"/encode", h.both, webUI, "slipway", plain).must(http.StatusOK, nil)
	require.NotContains(t, encoded.Body, base64.StdEncoding.EncodeToString([]byte("go on")))
	require.Equal(t, `"go on"`, firstPayload(t, h.post(codecURL+"/decode", h.both, webUI, "slipway", encoded.Body).Body))
}

func TestCodecServerPreflight(t *testing.T) {
	t.Parallel()
	h := newCodecHarness(t)
	for name, c := range map[string]struct {
		path, origin string
		status       int
	}{
		"the Web UI":                 {codecURL + "/decode", webUI, 204},
		"the Web UI and its door":    {codecURL + "/" + door + "/decode", webUI, 204},
		"another page":               {codecURL + "/decode", "https://evil.example", 403},
		"no page":                    {codecURL + "/decode", "", 403},
		"another page with the door": {codecURL + "/" + door + "/decode", "https://evil.example", 403},
		"another door":               {codecURL + "/guessed/decode", webUI, 404},
	} {
		request := httptest.NewRequest(http.MethodOptions, c.path, nil)
		request.RemoteAddr = "127.0.0.1:50000"
		request.Header.Set("Access-Control-Request-Method", "POST")
		request.Header.Set("Access-Control-Request-Headers", "authorization,content-type,x-namespace")
		if c.origin != "" {
			request.Header.Set("Origin", c.origin)
		}
		got := h.send(request)
		require.Equal(t, c.status, got.Status, "%s: %s", name, got.Body)
		if c.status != http.StatusNoContent {
			require.Empty(t, got.Header.Get("Access-Control-Allow-Origin"), name)
			continue
		}
		require.Equal(t, webUI, got.Header.Get("Access-Control-Allow-Origin"), name)
		require.Equal(t, "POST", got.Header.Get("Access-Control-Allow-Methods"), name)
		for _, header := range []string{"Authorization", "Content-Type", "X-Namespace"} {
			require.Contains(t, got.Header.Get("Access-Control-Allow-Headers"), header, name)
		}
		require.Contains(t, got.Header.Values("Vary"), "Origin", name)
	}
}

// The door opens to this machine only, and neither it nor what passes is logged.
func TestCodecServerKeepsItsDoor(t *testing.T) {
	t.Parallel()
	h := newCodecHarness(t)
	request := httptest.NewRequest(http.MethodPost, codecURL+"/"+door+"/decode", strings.NewReader(h.sealed))
	request.RemoteAddr = "192.0.2.7:50000"
	require.Equal(t, http.StatusNotFound, h.send(request).Status)
	h.post(codecURL+"/"+door+"/decode", "", webUI, "slipway", h.sealed).must(http.StatusOK, nil)
	h.post(codecURL+"/"+door+"/decode", "", webUI, "slipway", "{").must(http.StatusBadRequest, nil)
	request = httptest.NewRequest(http.MethodGet, codecURL+"/"+door+"/decode", nil)
	require.Equal(t, http.StatusMethodNotAllowed, h.send(request).Status)
	log := h.logs.String()
	require.Contains(t, log, codecURL)
	require.Contains(t, log, "temporal-ui")
	require.NotContains(t, log, door)
	require.NotContains(t, log, "shipment-7")
}

func TestCodecServerIsOffUnlessConfigured(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, path := range []string{codecURL + "/decode", codecURL + "/encode", codecURL + "//decode"} {
		got, _ := h.raw(h.token, http.MethodPost, path, "{}")
		require.Equal(t, http.StatusNotFound, got.Status, path)
	}
	h.server = server.New(server.Options{Service: h.service, Codec: &server.CodecServer{Origins: []string{webUI}}})
	got, _ := h.raw("", http.MethodPost, codecURL+"//decode", "{}")
	require.NotEqual(t, http.StatusOK, got.Status, "no door, no way in")
}
