package e2e

import (
	"context"
	"encoding/base64"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
	"github.com/slipway-dev/slipway/internal/secrets/sops"
	"github.com/slipway-dev/slipway/internal/testenv"
)

// TestPostgresByTerraform takes examples/terraform-postgres through its life
// with a real PostgreSQL server and every engine on this machine: workloads
// connect with what stands in their Secrets, and nothing is left behind. The
// providers are stand-ins with the same resources (dev/testprovider), as tests
// reach no registry.
func TestPostgresByTerraform(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	for name, path := range recordtest.Engines(t) {
		t.Run(name, func(t *testing.T) { postgresByTerraform(t, path) })
	}
}

func postgresByTerraform(t *testing.T, engine string) {
	admin, err := pgx.ParseConfig(testenv.Postgres(t))
	require.NoError(t, err)
	admin.Database = "postgres"
	i := newInstance(t, "SLIPWAY_TERRAFORM="+engine, "SLIPWAY_TERRAFORM_MIRROR="+recordtest.Mirror(t), "SLIPWAY_TERRAFORM_LOCAL_SOURCES=true")
	i.start()
	passwords := map[string]string{}
	if admin.Password == "" { // the private server lets its administrator in with any
		admin.Password = canary(t)
		passwords["administrator's"] = admin.Password
	}
	i.applyPostgres(admin)

	first := i.deploy("orders", map[string]any{"delta_id": i.appDelta("orders", "orders.yaml", "reports.yaml")})
	i.succeeded("orders", first)
	second := i.deploy("shop", map[string]any{"delta_id": i.appDelta("shop", "orders.yaml")})
	i.succeeded("shop", second)
	orders, shop := i.variablesOf("orders", "orders"), i.variablesOf("shop", "orders")
	reports := i.variablesOf("orders", "reports")["DATABASE_URL"]

	t.Run("a workload connects with what it was given", func(t *testing.T) {
		conn := open(t, databaseURL(orders))
		execute(t, conn, "CREATE TABLE orders (id bigint PRIMARY KEY)")
		execute(t, conn, "INSERT INTO orders VALUES (1), (2)")
		wrong := maps.Clone(orders)
		wrong["PGPASSWORD"] = "guessed"
		_, err := pgx.Connect(t.Context(), databaseURL(wrong))
		require.ErrorContains(t, err, "password authentication failed")
	})
	t.Run("two workloads share one database", func(t *testing.T) {
		require.Contains(t, reports, orders["PGPASSWORD"])
		var n int
		require.NoError(t, open(t, reports+"?sslmode=disable").QueryRow(t.Context(), "SELECT count(*) FROM orders").Scan(&n))
		require.Equal(t, 2, n)
	})
	t.Run("another application has its own", func(t *testing.T) {
		require.NotEqual(t, orders["PGDATABASE"], shop["PGDATABASE"])
		require.NotEqual(t, orders["PGPASSWORD"], shop["PGPASSWORD"])
		execute(t, open(t, databaseURL(shop)), "CREATE TABLE orders (id bigint)")
		intruder := maps.Clone(shop)
		intruder["PGDATABASE"] = orders["PGDATABASE"]
		_, err := pgx.Connect(t.Context(), databaseURL(intruder))
		require.ErrorContains(t, err, "permission denied for database")
	})
	t.Run("deployed again, nothing changes", func(t *testing.T) {
		again := i.as(t)
		again.succeeded("orders", again.deploy("orders", map[string]any{"delta_id": again.appDelta("orders", "orders.yaml")}))
		require.Equal(t, orders, again.variablesOf("orders", "orders"))
		open(t, databaseURL(orders))
	})

	passwords["password"], passwords["password of the other"] = orders["PGPASSWORD"], shop["PGPASSWORD"]
	answers, _ := i.everyAnswer(nil, "orders", first)
	require.Contains(t, string(answers), orders["PGDATABASE"], "the walk sees what it should")
	require.Empty(t, sightings(answers, passwords), "in the answers of the API")
	requireCanaries(t, i.home, orders["PGDATABASE"], passwords)
	require.Empty(t, sightings([]byte(i.git("log", "-p", "--all")), passwords), "in the history of the Git target")
	require.Empty(t, sightings([]byte(i.output.String()), passwords), "on the terminal")

	t.Run("deleted, database and role are gone", func(t *testing.T) {
		gone := i.as(t)
		require.Equal(t, []string{orders["PGDATABASE"], shop["PGDATABASE"]}, madeBySlipway(t, admin))
		status, _ := gone.call(http.MethodDelete, org+"/apps/orders", nil)
		require.Equal(t, http.StatusAccepted, status)
		gone.vanishes(org + "/apps/orders")
		require.Equal(t, []string{shop["PGDATABASE"]}, madeBySlipway(t, admin), "the other application's stays")
		open(t, databaseURL(shop))
		status, _ = gone.call(http.MethodDelete, org+"/apps/shop", nil)
		require.Equal(t, http.StatusAccepted, status)
		gone.vanishes(org + "/apps/shop")
		require.Empty(t, madeBySlipway(t, admin))
	})
	i.stop()
	requireCanaries(t, i.home, orders["PGDATABASE"], passwords)
}

// applyPostgres applies the example's definition as its README says, with the
// server of the tests and a repository on this machine that holds the module.
func (i *instance) applyPostgres(admin *pgx.ConnConfig) {
	i.t.Helper()
	repository := i.t.TempDir()
	module := filepath.Join(repository, "examples", "terraform-postgres", "module")
	require.NoError(i.t, os.CopyFS(module, os.DirFS(example("terraform-postgres", "module"))))
	for _, args := range [][]string{
		{"init", "--quiet", "--initial-branch=main"}, {"add", "."},
		{"-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message=module"},
	} {
		out, err := exec.Command("git", append([]string{"-C", repository}, args...)...).CombinedOutput()
		require.NoError(i.t, err, "git %v: %s", args, out)
	}
	raw, err := os.ReadFile(example("terraform-postgres", "definition.yaml"))
	require.NoError(i.t, err)
	var definition map[string]any
	require.NoError(i.t, yaml.Unmarshal([]byte(strings.ReplaceAll(string(raw), "$POSTGRES_ADMIN_PASSWORD", admin.Password)), &definition))
	values := definition["entity"].(map[string]any)["driver_inputs"].(map[string]any)["values"].(map[string]any)
	values["source"].(map[string]any)["url"] = repository
	variables := values["variables"].(map[string]any)
	variables["host"], variables["port"], variables["sslmode"] = admin.Host, admin.Port, "disable"
	variables["admin_username"] = admin.User
	file := filepath.Join(i.t.TempDir(), "definition.yaml")
	raw, err = yaml.Marshal(definition)
	require.NoError(i.t, err)
	require.NoError(i.t, os.WriteFile(file, raw, 0o600))
	i.mustCLI("apply", "-f", file)
}

// appDelta makes the application, if it has to, and a delta of example workloads.
func (i *instance) appDelta(app string, files ...string) string {
	i.t.Helper()
	if status, _ := i.call(http.MethodGet, org+"/apps/"+app, nil); status == http.StatusNotFound {
		i.app(app)
	}
	var paths []string
	for _, f := range files {
		paths = append(paths, example("terraform-postgres", f))
	}
	return i.scoreDelta(app, paths...)
}

// variablesOf reads the variables of a workload's only container from the Git
// target, as Kubernetes would: Secrets are opened with the key that Argo CD or
// Flux has.
func (i *instance) variablesOf(app, workload string) map[string]string {
	i.t.Helper()
	kept, container := i.delivered(app, workload)
	out := map[string]string{}
	sources, _ := container["envFrom"].([]any)
	for _, s := range sources {
		for _, ref := range s.(map[string]any) {
			maps.Copy(out, kept["ConfigMap/"+ref.(map[string]any)["name"].(string)])
		}
	}
	variables, _ := container["env"].([]any)
	for _, v := range variables {
		variable := v.(map[string]any)
		ref := variable["valueFrom"].(map[string]any)["secretKeyRef"].(map[string]any)
		out[variable["name"].(string)] = kept["Secret/"+ref["name"].(string)][ref["key"].(string)]
	}
	require.NotEmpty(i.t, out, "the variables of %s in %s", workload, app)
	return out
}

// delivered reads the ConfigMaps and Secrets of an application, by Kind/name,
// and the container of one of its workloads.
func (i *instance) delivered(app, workload string) (kept map[string]map[string]string, container map[string]any) {
	i.t.Helper()
	key, err := os.ReadFile(filepath.Join(i.home, "age.key"))
	require.NoError(i.t, err)
	kept = map[string]map[string]string{}
	for _, path := range strings.Fields(i.git("ls-tree", "-r", "--name-only", "main", app+"/development/")) {
		raw := []byte(i.git("show", "main:"+path))
		if strings.Contains(string(raw), "\nsops:") {
			raw, err = sops.Decrypt(raw, string(key))
			require.NoError(i.t, err, path)
		}
		var object map[string]any
		if yaml.Unmarshal(raw, &object) != nil {
			continue // the inventory is a list
		}
		metadata, _ := object["metadata"].(map[string]any)
		name, _ := metadata["name"].(string)
		switch {
		case object["kind"] == "Secret":
			kept["Secret/"+name] = secretData(i.t, object)
		case object["kind"] == "ConfigMap":
			kept["ConfigMap/"+name] = texts(object["data"])
		case object["kind"] == "Deployment" && name == workload:
			pod := object["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)
			container = pod["containers"].([]any)[0].(map[string]any)
		}
	}
	return kept, container
}

func secretData(t *testing.T, secret map[string]any) map[string]string {
	t.Helper()
	out := texts(secret["stringData"])
	encoded, _ := secret["data"].(map[string]any)
	for k, v := range encoded {
		text, _ := v.(string)
		raw, err := base64.StdEncoding.DecodeString(text)
		require.NoError(t, err)
		out[k] = string(raw)
	}
	return out
}

func texts(object any) map[string]string {
	out := map[string]string{}
	m, _ := object.(map[string]any)
	for k, v := range m {
		out[k], _ = v.(string)
	}
	return out
}

// databaseURL is how psql would connect with these variables.
func databaseURL(v map[string]string) string {
	return "postgresql://" + v["PGUSER"] + ":" + v["PGPASSWORD"] + "@" + v["PGHOST"] + ":" + v["PGPORT"] + "/" + v["PGDATABASE"] + "?sslmode=disable"
}

func open(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = conn.Close(ctx)
	})
	return conn
}

func execute(t *testing.T, conn *pgx.Conn, statement string) {
	t.Helper()
	_, err := conn.Exec(t.Context(), statement)
	require.NoError(t, err)
}

// madeBySlipway lists the databases of the example that are there, sorted; each
// must have its role, and no role is there without its database.
func madeBySlipway(t *testing.T, admin *pgx.ConnConfig) []string {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), admin)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	list := func(query string) []string {
		rows, err := conn.Query(t.Context(), query)
		require.NoError(t, err)
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		return names
	}
	databases := list(`SELECT datname FROM pg_database WHERE datname ~ '^(orders|shop)_development_' ORDER BY datname`)
	roles := list(`SELECT rolname FROM pg_roles WHERE rolname ~ '^(orders|shop)_development_' ORDER BY rolname`)
	require.Equal(t, databases, roles)
	return databases
}
