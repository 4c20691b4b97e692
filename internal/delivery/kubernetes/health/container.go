package health

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/slipway-dev/slipway/orchestrator"
)

// stuck are the reasons for which a container waits that rarely pass by themselves.
var stuck = map[string]orchestrator.ReasonCode{
	"ImagePullBackOff": orchestrator.ReasonImagePull, "ErrImagePull": orchestrator.ReasonImagePull, "ErrImageNeverPull": orchestrator.ReasonImagePull,
	"InvalidImageName": orchestrator.ReasonImagePull, "RegistryUnavailable": orchestrator.ReasonImagePull, "ImageInspectError": orchestrator.ReasonImagePull,
	"CrashLoopBackOff": orchestrator.ReasonCrashLoop, "CreateContainerConfigError": orchestrator.ReasonConfig,
	"CreateContainerError": orchestrator.ReasonStart, "RunContainerError": orchestrator.ReasonStart,
}

// signals are the ones that end programs in practice.
var signals = map[int32]string{1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 13: "SIGPIPE", 15: "SIGTERM"}

const outOfMemory = "OOMKilled"

// containerReason tells what is wrong with one container. Events are those of its pod.
func containerReason(c *corev1.ContainerStatus, events []corev1.Event) (orchestrator.RuntimeReason, bool) {
	switch {
	case c.State.Waiting != nil && c.State.Waiting.Reason != "" && c.State.Waiting.Reason != "PodInitializing":
		return waitingReason(c, events), true
	case c.State.Terminated != nil && c.State.Terminated.ExitCode != 0:
		t := c.State.Terminated
		r := endReason(t)
		r.Message = strings.TrimSpace("ended with " + endWords(t) + " " + t.Message)
		r.Lasting, r.Previous = false, false
		return r, true
	case c.State.Running != nil && !c.Ready:
		return unready(c, events), true
	case c.State.Running != nil && c.RestartCount > 0 && c.LastTerminationState.Terminated != nil:
		t := c.LastTerminationState.Terminated
		r := reason(orchestrator.ReasonRestarted, fmt.Sprintf("it runs, but was started again %s; the last run ended with %s", times(c.RestartCount), endWords(t)),
			fmt.Sprintf("restarted %s; the last run ended with %s", times(c.RestartCount), endWords(t)), false)
		r.Log, r.Previous = true, true
		return r, true
	}
	return orchestrator.RuntimeReason{}, false
}

func waitingReason(c *corev1.ContainerStatus, events []corev1.Event) orchestrator.RuntimeReason {
	w := c.State.Waiting
	code, lasting := stuck[w.Reason]
	if t := c.LastTerminationState.Terminated; t != nil && code != orchestrator.ReasonImagePull {
		r := endReason(t)
		r.Lasting = lasting
		r.Message = fmt.Sprintf("%s: %s after %d restarts", w.Reason, endWords(t), c.RestartCount)
		if t.Message != "" {
			r.Message += ": " + t.Message
		}
		r.Summary = fmt.Sprintf("%s, after %s", r.Summary, plural(c.RestartCount, "restart"))
		if probe, is := newest(unhealthy(events, c.Name, "Liveness"), "Unhealthy"); is && r.Code != orchestrator.ReasonOutOfMemory {
			r.Code, r.Summary = orchestrator.ReasonLiveness, "the node kills it: "+oneLine(probe.Message)
			r.Message += "; " + probe.Message
		}
		return r
	}
	text := w.Reason
	if w.Message != "" {
		text += ": " + w.Message
	}
	switch code {
	case orchestrator.ReasonImagePull:
		return imageReason(c, text, events)
	case orchestrator.ReasonConfig:
		return reason(code, "its configuration cannot be had: "+w.Message, text, lasting)
	case orchestrator.ReasonStart:
		return reason(code, "the node cannot start it: "+w.Message, text, lasting)
	case orchestrator.ReasonCrashLoop:
		r := reason(code, "the program ends again and again", text, lasting)
		r.Log, r.Previous = true, true
		return r
	}
	return reason(orchestrator.ReasonStarting, "it is being made ("+w.Reason+")", text, false)
}

// imageReason adds what the registry answered, which the node tells in an event only.
func imageReason(c *corev1.ContainerStatus, text string, events []corev1.Event) orchestrator.RuntimeReason {
	answer := c.State.Waiting.Message
	if e, is := newest(pulls(events), "Failed", "InspectFailed", "ErrImageNeverPull"); is && !strings.Contains(text, e.Message) {
		answer = e.Message
		text += "; " + e.Message
	}
	return reason(orchestrator.ReasonImagePull, fmt.Sprintf("image %s cannot be pulled: %s", c.Image, oneLine(answer)), text, true)
}

// unready is a container that runs and does not serve: a probe may tell why.
func unready(c *corev1.ContainerStatus, events []corev1.Event) orchestrator.RuntimeReason {
	starting := c.Started != nil && !*c.Started
	kinds := []struct {
		prefix string
		code   orchestrator.ReasonCode
	}{{"Liveness", orchestrator.ReasonLiveness}, {"Readiness", orchestrator.ReasonReadiness}}
	if starting {
		kinds = kinds[:0]
		kinds = append(kinds, struct {
			prefix string
			code   orchestrator.ReasonCode
		}{"Startup", orchestrator.ReasonStartup})
	}
	for _, kind := range kinds {
		e, is := newest(unhealthy(events, c.Name, kind.prefix), "Unhealthy")
		if !is {
			continue
		}
		summary := oneLine(strings.Replace(e.Message, kind.prefix+" probe failed: ", "its "+strings.ToLower(kind.prefix)+" probe fails: ", 1))
		r := reason(kind.code, summary, "runs but is not ready: "+e.Message, false)
		r.Log = true
		if t := c.LastTerminationState.Terminated; t != nil && kind.code == orchestrator.ReasonLiveness {
			r.Message += fmt.Sprintf("; the last run ended with %s after %d restarts", endWords(t), c.RestartCount)
			r.Previous = true
		}
		return r
	}
	if t := c.LastTerminationState.Terminated; t != nil {
		r := endReason(t)
		r.Lasting = false
		r.Message = fmt.Sprintf("runs but is not ready; the last run ended with %s after %d restarts", endWords(t), c.RestartCount)
		return r
	}
	return reason(orchestrator.ReasonNotReady, "it runs but is not ready", "runs but is not ready", false)
}

// endReason is why a run ended badly. The log that tells more is the one of the run before.
func endReason(t *corev1.ContainerStateTerminated) orchestrator.RuntimeReason {
	r := orchestrator.RuntimeReason{Code: orchestrator.ReasonCrashLoop, Summary: "the program ended with " + endWords(t), Log: true, Previous: true}
	if t.Reason == outOfMemory {
		r.Code, r.Summary = orchestrator.ReasonOutOfMemory, "it was killed because it used more memory than its limit"
	}
	return r
}

// endWords gives the exit code, and the signal that stands behind it.
func endWords(t *corev1.ContainerStateTerminated) string {
	words := fmt.Sprintf("exit code %d", t.ExitCode)
	if t.Reason != "" {
		words += " (" + t.Reason + ")"
	}
	signal := t.Signal
	if signal == 0 && t.ExitCode > 128 && t.ExitCode < 160 {
		signal = t.ExitCode - 128
	}
	if signal == 0 {
		return words
	}
	name := signals[signal]
	return strings.TrimSpace(fmt.Sprintf("%s, signal %d %s", words, signal, name))
}

func times(n int32) string { return plural(n, "time") }

func plural(n int32, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
