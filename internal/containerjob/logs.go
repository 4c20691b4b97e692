package containerjob

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	// maxLines bounds what a deployment's log repeats of a container's.
	maxLines = 5000
	// longestLine is in bytes; more is read of a line, so that secrets are found before it is cut.
	longestLine = 16 << 10
	longestRead = 128 << 10
	// logPatience is how long the rest of a log is waited for after the end of a Job.
	logPatience = 10 * time.Second
)

// logs repeats what the containers write. A log that cannot be read stops nothing.
type logs struct {
	attempt *attempt
	mu      sync.Mutex
	streams map[string]*stream
	lines   int
}

// stream is the log of one container.
type stream struct {
	last   time.Time // of the newest line
	active bool
	over   bool // it was read to its end after the container had ended
	cancel context.CancelFunc
	done   chan struct{}
}

// follow begins to read the logs of containers that have begun.
func (l *logs) follow(ctx context.Context, pods []corev1.Pod) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.streams == nil {
		l.streams = map[string]*stream{}
	}
	for i := range pods {
		p := &pods[i]
		for _, c := range append(p.Status.InitContainerStatuses, p.Status.ContainerStatuses...) {
			ended := c.State.Terminated != nil
			if c.Name == deliverContainer || c.State.Running == nil && !ended {
				continue
			}
			key := p.Name + "/" + c.Name
			s := l.streams[key]
			if s == nil {
				s = &stream{}
				l.streams[key] = s
			}
			if s.active || s.over {
				continue
			}
			s.active, s.done = true, make(chan struct{})
			var reading context.Context
			reading, s.cancel = context.WithCancel(ctx)
			go l.read(reading, s, p.Namespace, p.Name, c.Name, ended)
		}
	}
}

// finish reads what is left.
func (l *logs) finish(ctx context.Context, pods []corev1.Pod) {
	limit, stop := context.WithTimeout(ctx, logPatience)
	defer stop()
	for limit.Err() == nil {
		l.follow(limit, pods)
		waiting := l.active()
		if len(waiting) == 0 {
			return
		}
		for _, s := range waiting {
			select {
			case <-s.done:
			case <-limit.Done():
			}
		}
	}
}

func (l *logs) active() []*stream {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []*stream
	for _, s := range l.streams {
		if s.active {
			out = append(out, s)
		}
	}
	return out
}

func (l *logs) stop() {
	for _, s := range l.active() {
		s.cancel()
		<-s.done
	}
}

func (l *logs) read(ctx context.Context, s *stream, namespace, pod, name string, ended bool) {
	defer func() {
		s.cancel()
		l.mu.Lock()
		s.active = false
		l.mu.Unlock()
		close(s.done)
	}()
	options := &corev1.PodLogOptions{Container: name, Follow: true, Timestamps: true}
	if !s.last.IsZero() {
		options.SinceTime = new(metav1.NewTime(s.last))
	}
	in, err := l.attempt.client.CoreV1().Pods(namespace).GetLogs(pod, options).Stream(ctx)
	if err != nil {
		s.over = ended // asked again as long as it may help
		return
	}
	defer func() { _ = in.Close() }()
	lines := bufio.NewReaderSize(in, longestRead)
	for {
		raw, prefix, err := lines.ReadLine()
		if err != nil {
			s.over = ended && ctx.Err() == nil
			return
		}
		line := string(raw)
		for prefix && err == nil {
			_, prefix, err = lines.ReadLine() // the rest of a line that is too long
		}
		l.line(s, name, line)
	}
}

func (l *logs) line(s *stream, container, line string) {
	stamp, text, _ := strings.Cut(line, " ")
	at, err := time.Parse(time.RFC3339Nano, stamp)
	if err == nil && !at.After(s.last) {
		return // it was there before the log was opened again
	}
	s.last = at
	l.mu.Lock()
	l.lines++
	n := l.lines
	l.mu.Unlock()
	if n > maxLines {
		if n == maxLines+1 {
			l.attempt.say(fmt.Sprintf("the log is truncated here: %d lines of it are kept", maxLines))
		}
		return
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	if text = l.attempt.redactor.String(text); len(text) > longestLine {
		text = strings.ToValidUTF8(text[:longestLine], "") + " (cut)"
	}
	if container != jobContainer {
		text = container + ": " + text
	}
	l.attempt.say(text)
}
