package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/slipway-dev/slipway/internal/config"
	"github.com/slipway-dev/slipway/internal/rotation"
	"github.com/slipway-dev/slipway/internal/secrets"
	"github.com/slipway-dev/slipway/internal/store"
)

// pruneAfter is longer than Temporal keeps histories by default (7 days), whose payloads need the old key, and than
// most keep a backup that is to be restored.
const pruneAfter = 30 * 24 * time.Hour

func keysCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "keys", Short: "Show, rotate and prune the encryption keys", GroupID: "server",
		Long: "Works on the keyset file and the database of an installation, while servers and workers run.",
	}
	cmd.AddCommand(keysListCommand(), keysRotateCommand(), keysPruneCommand())
	return cmd
}

// keysSubcommand makes a command that has keyset and database.
func keysSubcommand(cmd *cobra.Command, fn func(context.Context, io.Writer, *store.Store, *secrets.Keeper) error) *cobra.Command {
	cmd.Args = cobra.NoArgs
	settings := config.Bind(cmd.Flags(), "home", "database-url", "keyset", "log-level", "log-format")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, err := settings()
		if err != nil {
			return err
		}
		log, err := newLogger(c, os.Stderr)
		if err != nil {
			return err
		}
		keeper, err := openKeeper(c)
		if err != nil {
			return err
		}
		db, err := store.Open(cmd.Context(), store.Options{DSN: c.DatabaseURL, Log: log})
		if err != nil {
			return err
		}
		defer func() { _ = db.Close() }()
		return fn(cmd.Context(), cmd.OutOrStdout(), db, keeper)
	}
	return cmd
}

func keysListCommand() *cobra.Command {
	return keysSubcommand(&cobra.Command{
		Use: "list", Short: "Show the keys and how many values of the database each has encrypted",
	}, listKeys)
}

func keysRotateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "rotate", Short: "Encrypt with a new key, and everything in the database anew",
		Long: "Makes a new key (or the staged one) the one that encrypts, then encrypts everything in the database anew.\n" +
			"Old keys stay for decrypting, until `slipway keys prune`. If it was interrupted, --resume goes on without a new key.\n\n" +
			"Processes that share the keyset file see the new key within seconds. Where they have copies: run it with --stage,\n" +
			"hand out the file, run it without, and hand out the file again.",
	}
	stage := cmd.Flags().Bool("stage", false, "only add a key that the next rotation will use; it decrypts, and does not encrypt yet")
	resume := cmd.Flags().Bool("resume", false, "make no new key, only go on encrypting with the one that is there")
	cmd.MarkFlagsMutuallyExclusive("stage", "resume")
	return keysSubcommand(cmd, func(ctx context.Context, out io.Writer, db *store.Store, keeper *secrets.Keeper) error {
		// Otherwise the keyset of another installation would get a key that nobody needs.
		if err := rotation.Check(ctx, db, keeper); err != nil {
			return err
		}
		switch {
		case *stage:
			if err := keeper.Stage(); err != nil {
				return err
			}
			return listKeys(ctx, out, db, keeper)
		case !*resume:
			if err := keeper.Rotate(); err != nil {
				return err
			}
			fmt.Fprintf(out, "key %s encrypts from now on\n", keeper.PrimaryKeyID())
		}
		return reencrypt(ctx, out, db, keeper)
	})
}

func reencrypt(ctx context.Context, out io.Writer, db *store.Store, keeper *secrets.Keeper) error {
	n, err := rotation.Reencrypt(ctx, db, keeper, func(column string, done int) { fmt.Fprintf(out, "%s: %d\n", column, done) })
	if err != nil {
		return fmt.Errorf("%d values are encrypted anew, then: %w; go on with `slipway keys rotate --resume`", n, err)
	}
	fmt.Fprintf(out, "%d values are encrypted anew\n", n)
	return nil
}

func keysPruneCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "prune", Short: "Remove keys that nothing needs any more",
		Long: "Removes keys with which nothing in the database is encrypted and that stopped encrypting long enough ago.\n" +
			"Histories in Temporal and backups of the database that need a removed key cannot be read any more.",
	}
	older := cmd.Flags().Duration("older-than", pruneAfter, "how long ago a key must have stopped encrypting; at least Temporal's retention and the longest deployment")
	return keysSubcommand(cmd, func(ctx context.Context, out io.Writer, db *store.Store, keeper *secrets.Keeper) error {
		if *older < 0 {
			return errors.New("--older-than: expected a duration that is not negative")
		}
		uses, err := rotation.Uses(ctx, db)
		if err != nil {
			return err
		}
		removed, err := keeper.Prune(time.Now().Add(-*older), func(id string) bool { return len(uses[id]) > 0 })
		if err != nil {
			return err
		}
		for _, id := range removed {
			fmt.Fprintf(out, "key %s is removed\n", id)
		}
		return listKeys(ctx, out, db, keeper)
	})
}

func listKeys(ctx context.Context, out io.Writer, db *store.Store, keeper *secrets.Keeper) error {
	keys, err := keeper.Keys()
	if err != nil {
		return err
	}
	uses, err := rotation.Uses(ctx, db)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "KEY\tSTATE\tVALUES\tWHERE")
	for _, k := range keys {
		writeKey(w, k.ID, stateOf(k), uses[k.ID])
		delete(uses, k.ID)
	}
	var lost []string
	for id := range uses {
		lost = append(lost, id)
	}
	sort.Strings(lost)
	for _, id := range lost {
		writeKey(w, id, "missing", uses[id])
	}
	return w.Flush()
}

func stateOf(k secrets.Key) string {
	switch {
	case k.Primary:
		return "encrypts"
	case k.Staged:
		return "staged"
	case k.RetiredAt.IsZero():
		return "retired"
	}
	return "retired " + k.RetiredAt.Format(time.RFC3339)
}

func writeKey(w io.Writer, id, state string, uses map[string]int64) {
	var total int64
	var where []string
	for column, n := range uses {
		total += n
		where = append(where, fmt.Sprintf("%s %d", column, n))
	}
	sort.Strings(where)
	fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", id, state, total, strings.Join(where, ", "))
}
