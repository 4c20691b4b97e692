package processnode

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"
)

// serveLogs answers what the API server asks a kubelet for logs.
func (n *Node) serveLogs() (port int, stop func()) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", n.logs)
	s := httptest.NewTLSServer(mux)
	return s.Listener.Addr().(*net.TCPAddr).Port, func() { s.CloseClientConnections(); s.Close() }
}

func (n *Node) logs(w http.ResponseWriter, r *http.Request) {
	p := n.find(r.PathValue("namespace"), r.PathValue("pod"))
	if p == nil {
		http.Error(w, "the pod is not here", http.StatusNotFound)
		return
	}
	p.mu.Lock()
	b := p.boxes[r.PathValue("container")]
	p.mu.Unlock()
	if b == nil {
		http.Error(w, "the pod has no such container", http.StatusNotFound)
		return
	}
	query := r.URL.Query()
	since, _ := time.Parse(time.RFC3339, query.Get("sinceTime"))
	f, err := os.Open(b.logPath)
	if err != nil {
		return // nothing yet
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewReader(f)
	part := ""
	for {
		over := false
		select {
		case <-b.done:
			over = true
		default:
		}
		text, err := lines.ReadString('\n')
		part += text
		if err == nil {
			at, line, _ := strings.Cut(part, " ")
			if moment, err := time.Parse(time.RFC3339Nano, at); err == nil && !moment.Before(since) {
				if query.Get("timestamps") == "true" {
					line = at + " " + line
				}
				_, _ = io.WriteString(w, line)
			}
			part = ""
			continue
		}
		if query.Get("follow") != "true" || over || r.Context().Err() != nil || n.ctx.Err() != nil {
			return
		}
		if flusher, ok := w.(http.Flusher); ok {
			flusher.Flush()
		}
		time.Sleep(50 * time.Millisecond)
	}
}
