package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/dynamicconfig"
	sqliteplugin "go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"go.temporal.io/server/common/primitives/timestamp"
	"go.temporal.io/server/schema/sqlite"
)

const (
	// clusterName and historyShards are what the official CLI uses; both are fixed for the life of a database file.
	clusterName   = "active"
	historyShards = 1

	// retention is how long a closed workflow can be looked at in the Web UI.
	retention = 7 * 24 * time.Hour
)

// serverConfig is the static configuration of all four services. ports are those of history, matching and worker.
func serverConfig(opts *options, ports []int) *config.Config {
	frontend := net.JoinHostPort(opts.dialIP(), strconv.Itoa(opts.port))
	cfg := &config.Config{
		Persistence: config.Persistence{
			DefaultStore:     sqliteplugin.PluginName,
			VisibilityStore:  sqliteplugin.PluginName,
			NumHistoryShards: historyShards,
			DataStores:       map[string]config.DataStore{sqliteplugin.PluginName: {SQL: sqlConfig(opts.db)}},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10,
			MasterClusterName:        clusterName,
			CurrentClusterName:       clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{
				clusterName: {Enabled: true, InitialFailoverVersion: 1, RPCAddress: frontend},
			},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Services: map[string]config.Service{
			"frontend": {RPC: config.RPC{GRPCPort: opts.port, BindOnIP: opts.ip}},
			"history":  {RPC: config.RPC{GRPCPort: ports[0], BindOnLocalHost: true}},
			"matching": {RPC: config.RPC{GRPCPort: ports[1], BindOnLocalHost: true}},
			"worker":   {RPC: config.RPC{GRPCPort: ports[2], BindOnLocalHost: true}},
		},
		PublicClient: config.PublicClient{HostPort: frontend},
	}
	cfg.Global.Membership = config.Membership{MaxJoinDuration: 30 * time.Second, BroadcastAddress: "127.0.0.1"}
	cfg.Archival.History.State = "disabled"
	cfg.Archival.Visibility.State = "disabled"
	cfg.NamespaceDefaults.Archival.History.State = "disabled"
	cfg.NamespaceDefaults.Archival.Visibility.State = "disabled"
	return cfg
}

// sqlConfig opens the file with a write-ahead log. With synchronous=NORMAL a killed process loses nothing; only a machine
// that loses power may lose the last moments, and never the file.
func sqlConfig(db string) *config.SQL {
	return &config.SQL{
		PluginName: sqliteplugin.PluginName,
		// The plugin puts the name into a URI as it is.
		DatabaseName: strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(db),
		ConnectAttributes: map[string]string{
			"mode":         "rwc",
			"busy_timeout": "10000",
			"journal_mode": "WAL",
			"synchronous":  "NORMAL",
		},
	}
}

// dynamicConfig lifts the limits that protect a shared production cluster from one tenant; here the only tenant is the
// developer, and a list in the UI or a burst of deployments must not wait for a quota. Limits that belong to the
// behaviour of a workflow (sizes, updates in flight) stay as they are everywhere.
func dynamicConfig() dynamicconfig.StaticClient {
	const unlimited = 100_000
	return dynamicconfig.StaticClient{
		// Search attributes and namespaces are usable as soon as the call that adds them has returned.
		dynamicconfig.ForceSearchAttributesCacheRefreshOnRead.Key(): true,
		dynamicconfig.NamespaceCacheRefreshInterval.Key():           time.Second,

		dynamicconfig.FrontendRPS.Key():                                                        unlimited,
		dynamicconfig.FrontendMaxNamespaceRPSPerInstance.Key():                                 unlimited,
		dynamicconfig.FrontendMaxNamespaceVisibilityRPSPerInstance.Key():                       unlimited,
		dynamicconfig.FrontendNamespaceReplicationInducingAPIsRPS.Key():                        unlimited,
		dynamicconfig.FrontendMaxNamespaceNamespaceReplicationInducingAPIsRPSPerInstance.Key(): unlimited,
		dynamicconfig.HistoryRPS.Key():                                                         unlimited,
		dynamicconfig.MatchingRPS.Key():                                                        unlimited,

		// Partitions spread one task queue over hosts; on one host they only add a hop.
		dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():  1,
		dynamicconfig.MatchingNumTaskqueueWritePartitions.Key(): 1,
	}
}

// prepareDatabase creates the schema when the file is new, and the namespaces that are missing.
//
// The schema is made in a file beside the real one, which then takes its name: a process killed half-way leaves no
// database that looks complete.
func prepareDatabase(opts *options) error {
	if _, err := os.Stat(opts.db); os.IsNotExist(err) {
		if err := createDatabase(opts.db); err != nil {
			return fmt.Errorf("create database %s: %w", opts.db, err)
		}
	}
	namespaces := make([]*sqlite.NamespaceConfig, 0, len(opts.namespaces))
	for _, name := range opts.namespaces {
		ns, err := sqlite.NewNamespaceConfig(clusterName, name, false, opts.searchAttributes)
		if err != nil {
			return fmt.Errorf("namespace %s: %w", name, err)
		}
		ns.Detail.Config.Retention = timestamp.DurationPtr(retention)
		namespaces = append(namespaces, ns)
	}
	if err := sqlite.CreateNamespaces(sqlConfig(opts.db), namespaces...); err != nil {
		return fmt.Errorf("create the namespaces in %s: %w", opts.db, err)
	}
	return nil
}

func createDatabase(db string) error {
	draft := db + ".new"
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(draft + suffix); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	cfg := sqlConfig(draft)
	// No write-ahead log here: the file alone must be complete, and the plugin keeps its connection open.
	cfg.ConnectAttributes["journal_mode"] = "DELETE"
	if err := sqlite.SetupSchema(cfg); err != nil {
		return err
	}
	return os.Rename(draft, db)
}
