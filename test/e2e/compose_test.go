package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/config"
	"github.com/slipway-dev/slipway/internal/testenv"
)

// composeProject reads docker-compose.yml as `docker compose` would.
func composeProject(t *testing.T, variables types.Mapping) *types.Project {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	project, err := loader.LoadWithContext(context.Background(), types.ConfigDetails{
		WorkingDir:  root,
		ConfigFiles: []types.ConfigFile{{Filename: filepath.Join(root, "docker-compose.yml")}},
		Environment: variables,
	})
	require.NoError(t, err)
	return project
}

// slipwayServices are the services that run slipway.
func slipwayServices(p *types.Project) map[string]types.ServiceConfig {
	out := map[string]types.ServiceConfig{}
	for name, s := range p.Services {
		if len(s.Command) > 0 && s.Command[0] == "slipway" {
			out[name] = s
		}
	}
	return out
}

func TestComposeFileHoldsItsPromises(t *testing.T) {
	t.Parallel()
	p := composeProject(t, types.Mapping{})
	require.Len(t, slipwayServices(p), 3)
	usedVolumes, usedConfigs := map[string]bool{}, map[string]bool{}
	for name, s := range p.Services {
		requirePinned(t, name, s)
		for on, dependency := range s.DependsOn {
			requireWaitsForMore(t, p, name, on, dependency.Condition)
		}
		for _, v := range s.Volumes {
			require.Equal(t, types.VolumeTypeVolume, v.Type, "%s: state is kept in named volumes, not in folders of the host: %s", name, v.Source)
			require.Contains(t, p.Volumes, v.Source, name)
			usedVolumes[v.Source] = true
		}
		for _, c := range s.Configs {
			require.Contains(t, p.Configs, c.Source, name)
			usedConfigs[c.Source] = true
		}
		for _, secret := range s.Secrets {
			require.Contains(t, p.Secrets, secret.Source, name)
		}
		for _, port := range s.Ports {
			require.Equal(t, "127.0.0.1", port.HostIP, "%s: port %s is open to this host only", name, port.Published)
		}
		if !oneShot(s) {
			require.Equal(t, types.RestartPolicyUnlessStopped, s.Restart, "%s comes back after a reboot", name)
		}
	}
	require.Len(t, usedVolumes, len(p.Volumes), "no volume is declared in vain")
	require.Len(t, usedConfigs, len(p.Configs), "no config is declared in vain")
	for _, name := range []string{"postgres", "temporal", "server"} {
		require.NotNil(t, p.Services[name].HealthCheck, "%s has a health check", name)
		require.NotEmpty(t, p.Services[name].HealthCheck.Test)
	}
	require.FileExists(t, filepath.Join(p.WorkingDir, "Dockerfile"))
}

// requirePinned refuses images that are another one tomorrow.
func requirePinned(t *testing.T, name string, s types.ServiceConfig) {
	t.Helper()
	if s.Build != nil {
		return
	}
	_, tag, tagged := strings.Cut(s.Image[strings.LastIndex(s.Image, "/")+1:], ":")
	require.True(t, tagged, "%s: image %s names a version", name, s.Image)
	require.NotEqual(t, "latest", tag, name)
}

// requireWaitsForMore refuses a dependency that is met before it is of use.
func requireWaitsForMore(t *testing.T, p *types.Project, name, on, condition string) {
	t.Helper()
	switch condition {
	case types.ServiceConditionHealthy:
		require.NotNil(t, p.Services[on].HealthCheck, "%s waits for the health of %s", name, on)
	case types.ServiceConditionCompletedSuccessfully:
		require.True(t, oneShot(p.Services[on]), "%s waits for the end of %s", name, on)
	default:
		t.Errorf("%s waits for %s only until it has started", name, on)
	}
}

func oneShot(s types.ServiceConfig) bool {
	return s.Restart == "" || s.Restart == types.RestartPolicyNo || strings.HasPrefix(s.Restart, types.RestartPolicyOnFailure)
}

// The environment of the containers is made of settings that exist.
func TestComposeSetsWhatExists(t *testing.T) {
	t.Parallel()
	known := []string{"SLIPWAY_ADMIN_TOKEN", "SLIPWAY_SEED_ORG", "SLIPWAY_KEYSET_JSON"}
	for _, setting := range config.Reference() {
		known = append(known, strings.Split(setting.Env, ", ")...)
	}
	for name, s := range slipwayServices(composeProject(t, types.Mapping{})) {
		for key := range s.Environment {
			require.True(t, slices.Contains(known, key), "%s sets %s, which means nothing to slipway", name, key)
		}
	}
}

// composed runs the commands of docker-compose.yml as plain processes.
type composed struct {
	*instance
	project *types.Project
	values  map[string]string // instead of the addresses and folders of the containers
	workers []*exec.Cmd
}

func newComposed(t *testing.T) *composed {
	t.Helper()
	home := t.TempDir()
	addr := fmt.Sprintf("127.0.0.1:%d", testenv.FreePort(t))
	token := "sw_" + canary(t)
	c := &composed{
		instance: &instance{t: t, bin: binary(t), home: home, url: "http://" + addr, output: &output{}},
		project:  composeProject(t, types.Mapping{"SLIPWAY_ADMIN_TOKEN": token}),
		values: map[string]string{
			"DATABASE_URL": testenv.Postgres(t), "TEMPORAL_ADDRESS": testenv.Temporal(t),
			"TEMPORAL_NAMESPACE": fmt.Sprintf("compose-%d", time.Now().UnixNano()),
			"SLIPWAY_ADDR":       addr, "SLIPWAY_HOME": home, "SLIPWAY_KEYSET": filepath.Join(home, "keys", "keyset.json"),
		},
	}
	require.NoError(t, os.WriteFile(filepath.Join(home, "token"), []byte(token), 0o600))
	return c
}

// command is the process of a service, with the environment of the file and nothing else.
func (c *composed) command(service string) *exec.Cmd {
	c.t.Helper()
	s, ok := slipwayServices(c.project)[service]
	require.True(c.t, ok, "docker-compose.yml has the service %s", service)
	cmd := exec.Command(c.bin, s.Command[1:]...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.home}
	for key, value := range s.Environment {
		text := ""
		if value != nil {
			text = *value
		}
		if here, ok := c.values[key]; ok {
			text = here
		}
		cmd.Env = append(cmd.Env, key+"="+text)
	}
	cmd.Stdout, cmd.Stderr = c.output, c.output
	return cmd
}

// startService starts a service that stays; it ends with the test.
func (c *composed) startService(service string) *exec.Cmd {
	c.t.Helper()
	cmd := c.command(service)
	require.NoError(c.t, cmd.Start())
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	c.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(30 * time.Second): // the grace of docker-compose.yml
			c.t.Errorf("%s does not end within 30 s", service)
			_ = cmd.Process.Kill()
			<-ended
		}
	})
	return cmd
}

// up brings all services up in the order that depends_on gives.
func (c *composed) up() {
	c.t.Helper()
	for range 2 { // the second time everything is there
		require.NoError(c.t, c.command("migrate").Run(), "%s", c.output)
	}
	c.startService("server")
	c.eventually("the server is ready", func() (bool, string) {
		resp, err := http.Get(c.url + "/readyz")
		if err != nil {
			return false, err.Error()
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK, resp.Status
	})
	worker := c.project.Services["worker"]
	for range worker.GetScale() {
		c.workers = append(c.workers, c.startService("worker"))
	}
	require.Len(c.t, c.workers, 2)
}

func TestComposeSurvivesTheLossOfAWorker(t *testing.T) {
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	c := newComposed(t)
	c.up()
	prepareShop(c.instance)
	type deployment struct{ app, id string }
	all := []deployment{{"shop", c.deploy("shop", map[string]any{"delta_id": c.scoreDelta("shop", shopFiles...)})}}
	for n := range 8 {
		app := fmt.Sprintf("hello-%d", n)
		c.app(app)
		all = append(all, deployment{app, c.deploy(app, map[string]any{"delta_id": c.scoreDelta(app, example("hello", "score.yaml"))})})
	}
	c.eventually("deployments are under way", func() (bool, string) {
		statuses := map[any]int{}
		for _, d := range all {
			statuses[c.must(http.StatusOK, http.MethodGet, envPath(d.app, "development")+"/deploys/"+d.id, nil)["status"]]++
		}
		require.Less(t, statuses["succeeded"], len(all), "the worker is lost too late")
		return statuses["in progress"] > 0, fmt.Sprint(statuses)
	})
	require.NoError(t, c.workers[0].Process.Kill())
	killed := time.Now()
	all = append(all, deployment{"shop", c.deploy("shop", map[string]any{"comment": "after the loss"})})
	for _, d := range all {
		c.succeeded(d.app, d.id)
		require.Equal(t, 1, c.commits(d.id), "%s is delivered once", d.app)
		requireOneCompletionPerNode(c.instance, d.app, d.id)
	}
	t.Logf("all %d ended %s after the loss", len(all), time.Since(killed).Round(time.Millisecond))
}
