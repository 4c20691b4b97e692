package main

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// planeVariable turns this test binary into the control plane: what is tested are real processes that can be killed.
const planeVariable = "KUBERNETES_DEV_PROCESS"

func TestMain(m *testing.M) {
	if os.Getenv(planeVariable) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// process is a control plane started as a child; ready stays empty when it gave up.
type process struct {
	cmd    *exec.Cmd
	stderr *bytes.Buffer
	ready  string
}

func launch(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(os.Args[0], args...), stderr: &bytes.Buffer{}}
	p.cmd.Env = append(os.Environ(), planeVariable+"=1")
	p.cmd.Stderr = p.stderr
	stdout, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	if lines := bufio.NewScanner(stdout); lines.Scan() {
		p.ready = lines.Text()
	}
	return p
}

// end sends a signal and returns how the control plane ended.
func (p *process) end(t *testing.T, signal os.Signal) error {
	t.Helper()
	require.NoError(t, p.cmd.Process.Signal(signal))
	return p.cmd.Wait()
}

// client reads the kubeconfig that the ready line names.
func (p *process) client(t *testing.T) kubernetes.Interface {
	t.Helper()
	require.NotEmpty(t, p.ready, p.stderr)
	_, rest, _ := strings.Cut(p.ready, "kubeconfig=")
	path, _, _ := strings.Cut(rest, " pid=")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	config, err := clientcmd.BuildConfigFromFlags("", path)
	require.NoError(t, err)
	client, err := kubernetes.NewForConfig(config)
	require.NoError(t, err)
	return client
}

func TestStateSurvives(t *testing.T) {
	for name, signal := range map[string]syscall.Signal{"a stop": syscall.SIGTERM, "kill -9": syscall.SIGKILL} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			first := launch(t, "--home", home, "--port", "0", "--nodes", "3")
			require.Regexp(t, `^ready server=https://127\.0\.0\.1:\d+ kubeconfig=.+/kubeconfig pid=\d+$`, first.ready, first.stderr)
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "one"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "a"}}}}
			_, err := first.client(t).CoreV1().Pods("default").Create(t.Context(), pod, metav1.CreateOptions{})
			require.NoError(t, err)
			awaitPhase(t, first.client(t), corev1.PodRunning)
			awaitClaim(t, first.client(t))
			err = first.end(t, signal)
			if signal == syscall.SIGTERM {
				require.NoError(t, err, first.stderr)
			}

			second := launch(t, "--home", home, "--port", "0", "--nodes", "3")
			nodes, err := second.client(t).CoreV1().Nodes().List(t.Context(), metav1.ListOptions{})
			require.NoError(t, err)
			require.Len(t, nodes.Items, 3)
			awaitPhase(t, second.client(t), corev1.PodRunning)
			for previous, want := range map[bool]string{false: "nothing runs in this container", true: "ends with exit code 3"} {
				log, err := second.client(t).CoreV1().Pods("default").GetLogs("one", &corev1.PodLogOptions{Previous: previous}).DoRaw(t.Context())
				require.NoError(t, err)
				require.Contains(t, string(log), want, "the nodes answer after a restart, too")
			}
			awaitLine(t, second.client(t))
			require.Len(t, partsOf(home), 5, "the parts of the first have ended")
			require.NoError(t, second.end(t, syscall.SIGTERM), second.stderr)
			require.Empty(t, partsOf(home))
		})
	}
}

func awaitPhase(t *testing.T, client kubernetes.Interface, want corev1.PodPhase) {
	t.Helper()
	require.Eventually(t, func() bool {
		pod, err := client.CoreV1().Pods("default").Get(t.Context(), "one", metav1.GetOptions{})
		return err == nil && pod.Status.Phase == want
	}, time.Minute, 50*time.Millisecond)
}

// awaitLine follows a log until a line comes that was not there before.
func awaitLine(t *testing.T, client kubernetes.Interface) {
	t.Helper()
	none := int64(0)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	stream, err := client.CoreV1().Pods("default").GetLogs("one", &corev1.PodLogOptions{Follow: true, TailLines: &none, Timestamps: true}).Stream(ctx)
	require.NoError(t, err)
	defer func() { _ = stream.Close() }()
	lines := bufio.NewScanner(stream)
	require.True(t, lines.Scan(), "%v", lines.Err())
	require.Regexp(t, `^\d{4}-\S+Z simulated: nothing runs in this container, line \d+$`, lines.Text())
}

// awaitClaim makes a claim without a class, sees it bound, and its volume gone after it.
func awaitClaim(t *testing.T, client kubernetes.Interface) {
	t.Helper()
	claims := client.CoreV1().PersistentVolumeClaims("default")
	claim := &corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: "one"}, Spec: corev1.PersistentVolumeClaimSpec{
		AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
		Resources:   corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("1Gi")}},
	}}
	_, err := claims.Create(t.Context(), claim, metav1.CreateOptions{})
	require.NoError(t, err)
	volume := ""
	require.Eventually(t, func() bool {
		got, err := claims.Get(t.Context(), "one", metav1.GetOptions{})
		if err != nil {
			return false
		}
		volume = got.Spec.VolumeName
		return got.Status.Phase == corev1.ClaimBound
	}, time.Minute, 50*time.Millisecond)
	require.NoError(t, claims.Delete(t.Context(), "one", metav1.DeleteOptions{}))
	require.Eventually(t, func() bool {
		_, err := client.CoreV1().PersistentVolumes().Get(t.Context(), volume, metav1.GetOptions{})
		return apierrors.IsNotFound(err)
	}, time.Minute, 50*time.Millisecond)
}

// partsOf finds the processes that work in a home.
func partsOf(home string) []string {
	processes, _ := os.ReadDir("/proc")
	var found []string
	for _, p := range processes {
		line, _ := os.ReadFile("/proc/" + p.Name() + "/cmdline")
		if bytes.Contains(line, []byte("\x00"+partCommand+"\x00")) && bytes.Contains(line, []byte(home)) {
			found = append(found, p.Name())
		}
	}
	return found
}

func TestAPartThatEndsEndsAll(t *testing.T) {
	home := t.TempDir()
	p := launch(t, "--home", home, "--port", "0")
	require.NotEmpty(t, p.ready, p.stderr)
	for _, one := range partsOf(home) {
		line, _ := os.ReadFile("/proc/" + one + "/cmdline")
		if pid, err := strconv.Atoi(one); err == nil && bytes.Contains(line, []byte(partScheduler)) {
			require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
		}
	}
	require.Error(t, p.cmd.Wait())
	require.Contains(t, p.stderr.String(), partScheduler+" ended unexpectedly")
	require.Empty(t, partsOf(home))
}

func TestRefusesAPortInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = taken.Close() })
	port := strconv.Itoa(taken.Addr().(*net.TCPAddr).Port)
	p := launch(t, "--home", t.TempDir(), "--port", port)
	require.Error(t, p.cmd.Wait())
	require.Contains(t, p.stderr.String(), "port "+port+" is in use by another process: choose another one with --port")
}
