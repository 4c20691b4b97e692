package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"html"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
)

// UI is the Web UI that the server serves.
type UI struct {
	// Files holds index.html, what it names, and assets/ with names that change when the content does.
	Files fs.FS
	// TemporalURL is where browsers find Temporal's Web UI; "" where there is none to link to.
	TemporalURL string
}

// uiPolicy lets the page run what came from this server, and nothing else. Styles that scripts set on elements are no
// inline styles to a browser. Frames are refused on both sides.
const uiPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// settingsMark is what index.html has in the place of the settings.
const settingsMark = `<meta name="slipway-settings" content="{}"`

// uiFile is a file as it is sent.
type uiFile struct {
	contentType string
	body        []byte
	etag        string
	zipped      func() []byte // gzip of the body, made when it is first asked for; nil where it would not be smaller
}

// uiRoutes registers the Web UI. Its pages are / and what begins with /o/: a browser gets the same page for all of them, which
// then shows what the address names. All other paths stay the API's.
func (s *Server) uiRoutes(e *echo.Echo, ui *UI) {
	if ui == nil {
		return
	}
	files, err := s.uiFiles(ui)
	if err != nil { // impossible: the files are part of the binary
		s.log.Error("the Web UI is missing", "error", err)
		return
	}
	for name, file := range files {
		cache := "no-cache"
		if strings.HasPrefix(name, "assets/") {
			cache = "public, max-age=31536000, immutable"
		}
		if name == "index.html" {
			for _, route := range []string{"/", "/o", "/o/*", "/sign-in"} {
				s.uiRoute(e, route, file, cache)
			}
			continue
		}
		s.uiRoute(e, "/"+name, file, cache)
	}
}

func (s *Server) uiRoute(e *echo.Echo, route string, file *uiFile, cache string) {
	handler := func(c echo.Context) error { return sendUIFile(c, file, cache) }
	e.GET(route, handler)
	e.HEAD(route, handler)
}

func (s *Server) uiFiles(ui *UI) (map[string]*uiFile, error) {
	files := map[string]*uiFile{}
	err := fs.WalkDir(ui.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			return err
		}
		body, err := fs.ReadFile(ui.Files, name)
		if err != nil {
			return err
		}
		if name == "index.html" {
			body = s.withUISettings(body, ui)
		}
		files[name] = newUIFile(name, body)
		return nil
	})
	return files, err
}

// withUISettings tells the page what it cannot ask for without a token.
func (s *Server) withUISettings(page []byte, ui *UI) []byte {
	settings, err := json.Marshal(map[string]any{"version": s.version, "sso": s.signIn != nil, "temporal_url": ui.TemporalURL})
	if err != nil { // impossible: a map of texts
		return page
	}
	return bytes.Replace(page, []byte(settingsMark), []byte(`<meta name="slipway-settings" content="`+html.EscapeString(string(settings))+`"`), 1)
}

func newUIFile(name string, body []byte) *uiFile {
	sum := sha256.Sum256(body)
	contentType := mime.TypeByExtension(path.Ext(name))
	if strings.HasPrefix(contentType, "text/javascript") || contentType == "" && path.Ext(name) == ".js" {
		contentType = "text/javascript; charset=utf-8"
	}
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	return &uiFile{
		contentType: contentType, body: body, etag: hex.EncodeToString(sum[:12]),
		zipped: sync.OnceValue(func() []byte { return zipped(body) }),
	}
}

// zipped compresses a body, or is nil where that makes it no smaller.
func zipped(body []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(body); err != nil || w.Close() != nil || out.Len() >= len(body) {
		return nil
	}
	return out.Bytes()
}

func sendUIFile(c echo.Context, file *uiFile, cache string) error {
	h, r := c.Response().Header(), c.Request()
	h.Set("Content-Security-Policy", uiPolicy)
	h.Set("Cache-Control", cache)
	h.Set("Content-Type", file.contentType)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Add("Vary", "Accept-Encoding")
	body, etag := file.body, `"`+file.etag+`"`
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		if z := file.zipped(); z != nil {
			h.Set("Content-Encoding", "gzip")
			body, etag = z, `"`+file.etag+`-gzip"`
		}
	}
	h.Set("ETag", etag)
	if matchesETag(r.Header.Get("If-None-Match"), etag) {
		h.Del("Content-Encoding")
		return c.NoContent(http.StatusNotModified)
	}
	if r.Method == http.MethodHead {
		return c.NoContent(http.StatusOK)
	}
	return c.Blob(http.StatusOK, file.contentType, body)
}

// acceptsGzip reads Accept-Encoding: gzip or *, unless its weight is 0.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "gzip" && name != "*" {
			continue
		}
		weight := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(parameters), "q="))
		return strings.Trim(weight, "0.") != "" || weight == ""
	}
	return false
}

// matchesETag reads If-None-Match, which compares weakly.
func matchesETag(header, etag string) bool {
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimSpace(part)
		if part == "*" || strings.TrimPrefix(part, "W/") == etag {
			return true
		}
	}
	return false
}
