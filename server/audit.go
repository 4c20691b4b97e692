package server

import (
	"context"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// auditRoutes are the audit log and its export.
func auditRoutes() []Route {
	const list = orgPath + "/audit-logs"
	filter := []Query{
		{Name: "from", Doc: "Only entries from then on, for example 2026-01-01T00:00:00Z"},
		{Name: "to", Doc: "Only entries up to then"},
		{Name: "user_id", Doc: "Only what this user did"},
		{Name: "object_type", Doc: "Only changes of this kind of object, for example application"},
		{Name: "object", Doc: "Only changes of this object and of what is inside it, for example /orgs/acme/apps/shop"},
		{Name: "action", Doc: "Only changes of this kind: create, update, delete, deploy, ..."},
	}
	return tagged("Audit", []Route{
		answer(Route{Method: "GET", Path: list, OperationID: "listAuditLogEntries", Query: slices.Concat(filter, pageQuery),
			Summary: "List the audit log, newest first; a page covers 32 days at most"}, listAudit),
		stream[string](Route{Method: "GET", Path: list + "/export", OperationID: "exportAuditLog", ContentType: "application/jsonl",
			Query:   slices.Concat(filter, []Query{{Name: "format", Doc: "jsonl (default) or csv"}}),
			Summary: "Export the audit log, newest first"}, exportAudit),
	})
}

func auditFilter(c *Call) (orchestrator.AuditFilter, error) {
	f := orchestrator.AuditFilter{
		UserID: c.Query("user_id"), ObjectType: c.Query("object_type"), Object: c.Query("object"), Action: c.Query("action"),
	}
	for name, into := range map[string]**time.Time{"from": &f.From, "to": &f.To} {
		text := c.Query(name)
		if text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return f, orchestrator.Invalidf("query parameter %s: %q is not a time such as 2026-01-01T00:00:00Z", name, text)
		}
		*into = &at
	}
	return f, nil
}

func wireAudit(e orchestrator.AuditEntry) api.AuditEntry {
	return api.AuditEntry{
		ID: strconv.FormatInt(e.Seq, 10), At: api.NewTime(e.At), OrgID: e.OrgID, UserID: e.UserID, RequestMethod: e.Origin.Method,
		RequestPath: e.Origin.Path, ResponseStatus: e.Origin.Status, Action: e.Action, ObjectType: e.ObjectType, Object: e.Object,
		SourceIP: e.Origin.IP, UserAgent: e.Origin.UserAgent, RequestID: e.Origin.RequestID, Before: e.Before, After: e.After,
	}
}

func listAudit(c *Call) ([]api.AuditEntry, error) {
	f, err := auditFilter(c)
	if err != nil {
		return nil, err
	}
	size, err := c.QueryInt("per_page", defaultPage)
	if err != nil {
		return nil, err
	}
	if token := c.Query("page"); token != "" {
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err == nil {
			f.Before, err = strconv.ParseInt(string(raw), 10, 64)
		}
		if err != nil || f.Before <= 0 {
			return nil, orchestrator.Invalidf("query parameter page: %q is no page of this list; start again without it", token)
		}
	}
	page, more, err := c.Service.AuditLog(c.Context(), c.Org(), f, int(min(max(size, 1), maxPage)))
	if err != nil {
		return nil, err
	}
	if more {
		next := url.Values{}
		for name, values := range c.query {
			next[name] = values
		}
		next.Set("page", base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(page[len(page)-1].Seq, 10))))
		c.Header().Set("Link", fmt.Sprintf(`<%s?%s>; rel="next"`, c.Request().URL.EscapedPath(), next.Encode()))
	}
	return convert(page, wireAudit), nil
}

// exportPage is how many entries are read at once for an export.
const exportPage = 500

// exportAudit writes page by page, so that the size of the log does not matter.
func exportAudit(c *Call) error {
	f, err := auditFilter(c)
	if err != nil {
		return err
	}
	write, contentType := jsonLines, "application/jsonl"
	switch format := c.Query("format"); format {
	case "", "jsonl":
	case "csv":
		write, contentType = csvLines, "text/csv; charset=utf-8"
	default:
		return orchestrator.Invalidf("query parameter format: expected jsonl or csv, got %q", format)
	}
	c.liftDeadline()
	for first := true; ; first = false {
		var page []orchestrator.AuditEntry
		more, err := c.within(c.Context(), func(ctx context.Context) (more bool, err error) {
			page, more, err = c.Service.AuditLog(ctx, c.Org(), f, exportPage)
			return more, err
		})
		if err != nil {
			return err
		}
		if first {
			c.Header().Set(echo.HeaderContentType, contentType)
			c.echo.Response().WriteHeader(http.StatusOK)
		}
		if err := write(c.echo.Response(), page, first); err != nil || !more {
			return err
		}
		c.echo.Response().Flush()
		f.Before = page[len(page)-1].Seq
	}
}

func jsonLines(w http.ResponseWriter, page []orchestrator.AuditEntry, _ bool) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, e := range page {
		if err := encoder.Encode(wireAudit(e)); err != nil {
			return fmt.Errorf("writing the audit log: %w", err)
		}
	}
	return nil
}

func csvLines(w http.ResponseWriter, page []orchestrator.AuditEntry, first bool) error {
	out := csv.NewWriter(w)
	if first {
		_ = out.Write([]string{"id", "at", "user_id", "action", "object_type", "object", "request_method", "request_path",
			"response_status", "source_ip", "user_agent", "request_id", "before", "after"})
	}
	for _, e := range page {
		_ = out.Write([]string{
			strconv.FormatInt(e.Seq, 10), e.At.Format(time.RFC3339Nano), e.UserID, e.Action, e.ObjectType, plainCell(e.Object), e.Origin.Method,
			plainCell(e.Origin.Path), strconv.Itoa(e.Origin.Status), e.Origin.IP, plainCell(e.Origin.UserAgent), plainCell(e.Origin.RequestID),
			stateText(e.Before), stateText(e.After),
		})
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing the audit log: %w", err)
	}
	return nil
}

// plainCell keeps spreadsheets from taking what a client sent for a formula.
func plainCell(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
		return "'" + s
	}
	return s
}

func stateText(state map[string]any) string {
	if state == nil {
		return ""
	}
	raw, err := json.Marshal(state)
	if err != nil {
		return ""
	}
	return string(raw)
}

// withOrigin tells the use cases where a request came from, for the audit log.
func withOrigin(r Route, c echo.Context) {
	request := c.Request()
	c.SetRequest(request.WithContext(orchestrator.WithOrigin(request.Context(), originOf(r, c))))
}

func originOf(r Route, c echo.Context) orchestrator.Origin {
	request := c.Request()
	agent := request.UserAgent()
	if len(agent) > maxUserAgent {
		agent = agent[:maxUserAgent]
	}
	return orchestrator.Origin{
		Method: r.Method, Path: cleanText(request.URL.EscapedPath()), Status: r.Status, IP: cleanText(c.RealIP()), UserAgent: cleanText(agent),
		RequestID: requestID(c),
	}
}

const maxUserAgent = 256

// clientAddress finds the client of a request. X-Forwarded-For counts only as
// far as trusted proxies wrote it: anybody can send one.
func clientAddress(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		p = p.Masked()
		trust = append(trust, echo.TrustIPRange(&net.IPNet{
			IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}

// cleanText makes what a client sent into text that every database can hold.
func cleanText(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\x00", "?")
}
