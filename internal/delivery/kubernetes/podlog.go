package kubernetes

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/slipway-dev/slipway/engine/redaction"
)

const (
	// logLines and logBytes bound what an error and a deployment's log repeat of the log of a container.
	logLines = 20
	logBytes = 4 << 10
	// logRead bounds what is read for that: secrets are looked for before anything is cut, so that no half of one is left.
	logRead = 256 << 10
	// minSecretLine is the shortest line of a secret of several lines that is hidden by itself: keys are logged line by line.
	minSecretLine = 8
)

// logRef names the log of a container that has ended badly.
type logRef struct {
	namespace, pod, container string
	previous                  bool // of the run before the one that is there now
}

// withLog adds to a reason the last lines that the container wrote, and writes them to the deployment's log.
func (b *batch) withLog(ctx context.Context, w *waiting) string {
	if w.log == nil {
		return w.message
	}
	lines := b.lastLines(ctx, *w.log)
	if len(lines) == 0 {
		return w.message
	}
	title := fmt.Sprintf("last lines of container %q of pod %q", w.log.container, w.log.pod)
	text := "\n  " + strings.Join(lines, "\n  ")
	b.say("error", "%s: %s; %s:%s", w, w.message, title, text)
	return w.message + "; " + title + ":" + text
}

// lastLines reads the end of a log, without secrets; nothing when it cannot be read: the credentials may not be allowed to.
func (b *batch) lastLines(ctx context.Context, ref logRef) []string {
	raw, err := b.readLog(ctx, ref)
	if err == nil && len(raw) == 0 && ref.previous {
		ref.previous = false
		raw, err = b.readLog(ctx, ref)
	}
	if err != nil {
		return nil
	}
	text := strings.ToValidUTF8(string(raw), "")
	if len(raw) >= logRead {
		text = text[:max(0, strings.LastIndexByte(text, '\n'))]
	}
	return tail(redaction.New(append(secretLines(b.hidden), b.hidden...)...).String(text))
}

func (b *batch) readLog(ctx context.Context, ref logRef) ([]byte, error) {
	request := b.discovery.RESTClient().Get().AbsPath("/api/v1/namespaces", ref.namespace, "pods", ref.pod, "log").
		Param("container", ref.container).Param("tailLines", fmt.Sprint(logLines)).Param("limitBytes", fmt.Sprint(logRead))
	if ref.previous {
		request.Param("previous", "true")
	}
	stream, err := request.Stream(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = stream.Close() }()
	return io.ReadAll(io.LimitReader(stream, logRead))
}

// tail gives the last lines that fit, without what steers a terminal.
func tail(text string) []string {
	lines := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
	lines = lines[max(0, len(lines)-logLines):]
	room := logBytes
	first := len(lines)
	for first > 0 && room > 0 {
		line := strings.TrimRight(strings.Map(printable, lines[first-1]), " ")
		if len(line) > room {
			if first < len(lines) {
				break
			}
			line = strings.ToValidUTF8(line[len(line)-room:], "")
		}
		first--
		lines[first] = line
		room -= len(line) + 1
	}
	if lines = lines[first:]; len(lines) == 1 && lines[0] == "" {
		return nil
	}
	return lines
}

func printable(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case unicode.IsControl(r):
		return -1
	}
	return r
}

// secretLines are the lines of secrets that have several.
func secretLines(hidden []string) []string {
	var out []string
	for _, text := range hidden {
		if !strings.Contains(text, "\n") {
			continue
		}
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); len(line) >= minSecretLine {
				out = append(out, line)
			}
		}
	}
	return out
}
