package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/migrations"
	"github.com/slipway-dev/slipway/orchestrator"
)

// TestEveryVersionMigrates brings databases of every earlier schema up to date, with rows in every table: nothing that was there is
// lost or changed, and the store reads it.
func TestEveryVersionMigrates(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "slipway.db") },
		"postgres": func(t *testing.T) string { return testenv.Postgres(t) },
	} {
		files, err := fs.Glob(migrations.FS, name+"/*.sql")
		require.NoError(t, err)
		sort.Strings(files)
		for _, file := range files[:len(files)-1] {
			number, _, _ := strings.Cut(path.Base(file), "_") // not every number is used
			version, err := strconv.ParseInt(number, 10, 64)
			require.NoError(t, err)
			t.Run(fmt.Sprintf("%s from %d", name, version), func(t *testing.T) {
				t.Parallel()
				checkUpgradeFrom(t, database(t), version)
			})
		}
	}
}

func checkUpgradeFrom(t *testing.T, dsn string, version int64) {
	ctx := context.Background()
	where, err := parseDSN(dsn)
	require.NoError(t, err)
	pool, err := openForMigration(where)
	require.NoError(t, err)
	defer func() { _ = pool.Close() }()
	provider, err := newProvider(where, pool, false)
	require.NoError(t, err)
	_, err = provider.UpTo(ctx, version)
	require.NoError(t, err)

	tables := schemaOf(t, pool, where.postgres)
	fillTables(t, pool, where.postgres, tables)
	before := map[string][]string{}
	for name, columns := range tables {
		for column := range columns {
			if meant[name+"."+column] {
				delete(columns, column)
			}
		}
		before[name] = content(t, pool, name, columns)
		require.Len(t, before[name], rowsEach, name)
	}
	require.NoError(t, Migrate(ctx, dsn, slog.New(slog.DiscardHandler)))
	for name, columns := range tables {
		require.Equal(t, before[name], content(t, pool, name, columns), "table %s", name)
	}
	s, err := Open(ctx, Options{DSN: dsn})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	requireReadable(t, s, tables)
}

// meant are columns (table.column) that a later migration drops, or rewrites with intent; a test of that migration's own says how.
var meant = map[string]bool{}

// rowsEach is how many rows each table gets; the rows with the same number refer to each other.
const rowsEach = 2

// schemaOf gives the columns of every table and their types, in lower case, by name.
func schemaOf(t *testing.T, pool *sql.DB, postgres bool) map[string]map[string]string {
	t.Helper()
	query := `SELECT m.name, c.name, lower(c.type) FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'goose_db_version'`
	if postgres {
		query = `SELECT table_name, column_name, data_type FROM information_schema.columns
			WHERE table_schema = 'public' AND table_name <> 'goose_db_version'`
	}
	rows, err := pool.Query(query)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	tables := map[string]map[string]string{}
	for rows.Next() {
		var table, column, kind string
		require.NoError(t, rows.Scan(&table, &column, &kind))
		if tables[table] == nil {
			tables[table] = map[string]string{}
		}
		tables[table][column] = kind
	}
	require.NoError(t, rows.Err())
	require.Greater(t, len(tables), 20)
	return tables
}

// fillTables inserts where all that a row refers to is there, until every table has its rows.
func fillTables(t *testing.T, pool *sql.DB, postgres bool, tables map[string]map[string]string) {
	t.Helper()
	left, before := map[string]bool{}, -1
	for name := range tables {
		left[name] = true
	}
	for len(left) > 0 {
		var refused []error
		for name := range left {
			err := fillTable(pool, postgres, name, tables[name])
			if err == nil {
				delete(left, name)
				continue
			}
			refused = append(refused, fmt.Errorf("%s: %w", name, err))
		}
		if len(refused) == before {
			t.Fatalf("these tables cannot be filled: %v", refused)
		}
		before = len(refused)
	}
}

func fillTable(pool *sql.DB, postgres bool, table string, columns map[string]string) error {
	names := namesOf(columns)
	marks := make([]string, len(names))
	for k := range names {
		marks[k] = "?"
		if postgres {
			marks[k] = fmt.Sprintf("$%d", k+1)
		}
	}
	statement := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", table, strings.Join(names, ", "), strings.Join(marks, ", "))
	tx, err := pool.Begin()
	if err != nil {
		return err
	}
	for n := 1; n <= rowsEach; n++ {
		values := make([]any, len(names))
		for k, name := range names {
			values[k] = filling(table, name, columns[name], n)
		}
		if _, err := tx.Exec(statement, values...); err != nil {
			_ = tx.Rollback()
			return err
		}
	}
	return tx.Commit()
}

func namesOf(columns map[string]string) []string {
	names := make([]string, 0, len(columns))
	for name := range columns {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// referring are columns that name a row of another table, by the word their values begin with.
var referring = map[string]string{
	"organizations.id": "org", "applications.id": "app", "environments.id": "env", "environment_types.id": "type", "users.id": "user",
	"deployments.id": "deployment", "definitions.id": "def", "graphs.id": "graph", "runner_runs.id": "run", "runner_plans.id": "plan", "definition_versions.id": "version", "active_version_id": "version",
	"pipeline_runs.id": "run", "pipeline_jobs.id": "job", "job_id": "job",
	"pipelines.id": "pipeline", "pipeline_id": "pipeline", "artefacts.id": "artefact", "artefact_id": "artefact", "webhooks.id": "webhook", "webhook_id": "webhook",
	"preview_rules.id": "rule", "rule_id": "rule", "receivers.id": "receiver", "receiver_id": "receiver",
	"agents.id": "agent", "agent_id": "agent", "workload_profiles.id": "profile", "profile_id": "profile",
	"user_groups.id": "user", "group_id": "user", // a group is a user
	"org_id": "org", "app_id": "app", "env_id": "env", "type_id": "type", "env_type_id": "type", "user_id": "user", "subject_id": "user", "deployment_id": "deployment",
	"def_id": "def", "graph_id": "graph", "run_id": "run", "plan_id": "plan", "guresid": "resource", "ref": "secret",
}

// chosen are columns whose text is one of a few.
var chosen = map[string]string{
	"organizations.status": "active", "applications.status": "active", "environments.status": "active", "deployments.status": "succeeded",
	"nodes.status": "succeeded", "active_resources.status": "active", "runner_runs.status": "succeeded", "runner_plans.status": "kept",
}

// documents are columns with JSON, by what they hold.
var documents = regexp.MustCompile(`^(properties|content|contributors|pipeline|depends_on|error|outputs|inputs_schema|outputs_schema|account_types|template|driver_inputs|provision|secret_refs|nodes|change|entries|state_before|state_after|tags|source|triggers|payload|variables|artefacts_filter|images_filter|metadata|trigger_types|settings|secrets|spec_definition|parameters|inputs|env_ids|related|results|state|waiting_for)$`)

var lists = map[string]bool{"env_ids": true, "contributors": true, "depends_on": true, "account_types": true, "nodes": true, "change": true, "tags": true, "triggers": true, "results": true, "trigger_types": true, "artefacts_filter": true, "images_filter": true}

// filling is the value of a column in the n-th row of a table.
func filling(table, column, kind string, n int) any {
	full := table + "." + column
	word, refers := referring[full]
	if !refers && column != "id" {
		word, refers = referring[column]
	}
	switch {
	case refers:
		return fmt.Sprintf("%s-%d", word, n)
	case chosen[full] != "":
		return chosen[full]
	case kind == "json", kind == "text" && documents.MatchString(column) && !textual[full]:
		if lists[column] {
			return "[]"
		}
		return "{}"
	case kind == "boolean":
		return false
	case kind == "integer" && flag.MatchString(column):
		return 0
	case kind == "bigint", kind == "integer":
		return n
	case kind == "bytea", kind == "blob":
		return []byte(fmt.Sprintf("%s %d \x00", full, n))
	}
	return fmt.Sprintf("%s %d", column, n)
}

// textual are columns that are called like a document elsewhere and are plain text.
var textual = map[string]bool{"pipeline_jobs.waiting_for": true, "runner_runs.error": true}

// flag are columns that are boolean in PostgreSQL and numbers in SQLite.
var flag = regexp.MustCompile(`^(is_.*|exclude_.*|disabled|paused|dry_run|signed|enable_ci|set_given|changed|heavy|shared|archived|active|proposed|distinct_only|attempted|scheduled_deletion|retired|permanent|reported|in_place_driver_change|continue_on_error)$`)

// content gives the rows of a table in some order that does not depend on the database.
func content(t *testing.T, pool *sql.DB, table string, columns map[string]string) []string {
	t.Helper()
	names := namesOf(columns)
	rows, err := pool.Query("SELECT " + strings.Join(names, ", ") + " FROM " + table)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		values, into := make([]any, len(names)), make([]any, len(names))
		for k := range values {
			into[k] = &values[k]
		}
		require.NoError(t, rows.Scan(into...))
		for k := range values {
			if raw, ok := values[k].([]byte); ok {
				values[k] = string(raw)
			}
			values[k] = fmt.Sprintf("%s=%v", names[k], values[k])
		}
		out = append(out, fmt.Sprint(values...))
	}
	require.NoError(t, rows.Err())
	sort.Strings(out)
	return out
}

// requireReadable reads what is there with the store's methods.
func requireReadable(t *testing.T, s *Store, tables map[string]map[string]string) {
	t.Helper()
	ref := orchestrator.EnvRef{OrgID: "org-1", AppID: "app-1", EnvID: "env-1"}
	arguments := map[reflect.Type]reflect.Value{
		reflect.TypeFor[context.Context]():     reflect.ValueOf(context.Background()),
		reflect.TypeFor[resource.Key]():        reflect.ValueOf(resource.Key{Type: "res_type 1", Class: "class 1", ID: "res_id 1"}),
		reflect.TypeFor[orchestrator.EnvRef](): reflect.ValueOf(ref),
		reflect.TypeFor[int]():                 reflect.ValueOf(1),
		reflect.TypeFor[int64]():               reflect.ValueOf(int64(0)),
		reflect.TypeFor[bool]():                reflect.ValueOf(false),
	}
	for method, c := range readers {
		if tables[c.table] == nil {
			continue // it came later
		}
		call := reflect.ValueOf(s).MethodByName(method)
		require.True(t, call.IsValid(), "the store has no method %s any more: take it out of this test", method)
		var in []reflect.Value
		texts := c.texts
		for k := range call.Type().NumIn() {
			if kind := call.Type().In(k); kind.Kind() != reflect.String {
				in = append(in, arguments[kind])
				continue
			}
			in = append(in, reflect.ValueOf(texts[0]))
			texts = texts[1:]
		}
		out := call.Call(in)
		if !out[1].IsNil() || out[0].IsZero() || out[0].Kind() == reflect.Slice && out[0].Len() != 1 {
			t.Errorf("%s does not read what is there: %v, %v", method, out[0], out[1])
		}
	}
}

// readers are methods that read one row each, with their arguments that are texts.
var readers = map[string]struct {
	table string
	texts []string
}{
	"GetOrganization":        {"organizations", []string{"org-1"}},
	"GetUser":                {"users", []string{"user-1"}},
	"ListTokens":             {"tokens", []string{"user-1"}},
	"ListApplications":       {"applications", []string{"org-1"}},
	"ListEnvironmentTypes":   {"environment_types", []string{"org-1"}},
	"ListEnvironments":       {"environments", []string{"org-1", "app-1"}},
	"ListSets":               {"sets", []string{"org-1", "app-1"}},
	"GetSet":                 {"sets", []string{"org-1", "app-1", "id 1"}},
	"ListDeltas":             {"deltas", []string{"org-1", "app-1", "env-1"}},
	"GetDeployment":          {"deployments", []string{"deployment-1"}},
	"ListDeployments":        {"deployments", nil},
	"ListDeploymentErrors":   {"deployment_errors", []string{"org-1", "deployment-1"}},
	"ListNodes":              {"nodes", []string{"org-1", "deployment-1"}},
	"ListEvents":             {"events", []string{"org-1", "deployment-1"}},
	"ListLog":                {"log_lines", []string{"org-1", "deployment-1", ""}},
	"GetPipelineRun":         {"pipeline_runs", []string{"org-1", "run-1"}},
	"GetPipelineJob":         {"pipeline_jobs", []string{"org-1", "run-1", "job-1"}},
	"ListPipelineSteps":      {"pipeline_steps", []string{"org-1", "run-1", "job-1"}},
	"GetPipelineApproval":    {"pipeline_approvals", []string{"org-1", "id 1"}},
	"GetGraph":               {"graphs", []string{"graph-1"}},
	"ListResourceTypes":      {"resource_types", []string{"org-1"}},
	"ListResourceClasses":    {"resource_classes", []string{"org-1", "res_type 1"}},
	"ListDrivers":            {"drivers", []string{"org-1"}},
	"ListDefinitions":        {"definitions", []string{"org-1"}},
	"ListDefinitionVersions": {"definition_versions", []string{"org-1", "def-1"}},
	"ListActiveResources":    {"active_resources", nil},
	"GetActiveResource":      {"active_resources", nil},
	"ListValues":             {"shared_values", []string{"org-1", "app-1", "env-1"}},
	"ListValueSetVersions":   {"value_set_versions", []string{"org-1", "app-1", "env-1"}},
	"GetSecret":              {"secret_versions", []string{"org-1", "secret-1"}},
	"GetManifests":           {"manifests", []string{"org-1", "deployment-1"}},
	"ListInventory":          {"inventory", nil},
	"GetRun":                 {"runner_runs", []string{"org-1", "run-1"}},
	"ListRuns":               {"runner_runs", []string{"org-1", "resource-1"}},
	"ListRunEvents":          {"runner_events", []string{"org-1", "run-1"}},
	"Journal":                {"runner_journal", []string{"org-1", "resource-1"}},
	"GetState":               {"runner_states", []string{"org-1", "resource-1"}},
	"GetLease":               {"runner_leases", []string{"org-1", "resource-1"}},
	"GetPlan":                {"runner_plans", []string{"org-1", "plan-1"}},
}
