package docs_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/cli"
	"github.com/slipway-dev/slipway/internal/config"
)

// TestCommandsExist parses every slipway command on the pages: the command must
// exist, and so must its flags. Nothing is run.
func TestCommandsExist(t *testing.T) {
	t.Parallel()
	parsed := 0
	for _, p := range readPages(t) {
		found, _ := p.blocks(t)
		for _, b := range found {
			if !isShell(b) || p.path == "docs/reference/cli.md" { // that page is made from the commands
				continue
			}
			for _, line := range b.lines {
				for _, words := range slipwayCommands(line) {
					parsed++
					if err := parseCommand(words); err != nil {
						t.Errorf("%s: %q: %v", p.path, strings.Join(words, " "), err)
					}
				}
			}
		}
	}
	require.Greater(t, parsed, 20)
}

// slipwayCommands finds the calls of slipway in a line of shell, without the program's name.
func slipwayCommands(line string) [][]string {
	line, _, _ = strings.Cut(line, " # ")
	var out [][]string
	for _, part := range strings.FieldsFunc(strings.ReplaceAll(line, "$(", "|"), func(r rune) bool { return r == ';' || r == '|' || r == ')' }) {
		words := shellWords(part)
		if len(words) == 0 || (words[0] != "slipway" && words[0] != "bin/slipway") {
			continue
		}
		out = append(out, words[1:])
	}
	return out
}

// shellWords splits at blanks outside quotes.
func shellWords(s string) []string {
	var words []string
	var word strings.Builder
	var quote rune
	open := false
	for _, r := range s {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, open = r, true
		case quote == 0 && (r == ' ' || r == '\t'):
			if open {
				words = append(words, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteRune(r)
			open = true
		}
	}
	if open {
		words = append(words, word.String())
	}
	return words
}

func parseCommand(words []string) error {
	root := cli.New(cli.Options{Version: "docs", In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Dir: "/", Getenv: func(string) string { return "" }})
	root.AddCommand(serverCommands()...)
	cmd, rest, err := root.Find(words)
	if err != nil {
		return err
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	if cmd.HasAvailableSubCommands() && cmd.Flags().NArg() > 0 {
		return fmt.Errorf("%s has no command %q", cmd.CommandPath(), cmd.Flags().Arg(0))
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}

// serverCommands stand for the commands that cmd/slipway adds.
func serverCommands() []*cobra.Command {
	var out []*cobra.Command
	for _, name := range []string{"dev", "server", "worker", "migrate"} {
		cmd := &cobra.Command{Use: name, Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return nil }}
		config.Bind(cmd.Flags())
		if name == "worker" {
			cmd.AddCommand(workerCommands()...)
		}
		out = append(out, cmd)
	}
	keys := &cobra.Command{Use: "keys"}
	for _, name := range []string{"list", "rotate", "prune"} {
		cmd := &cobra.Command{Use: name, Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return nil }}
		config.Bind(cmd.Flags())
		keys.AddCommand(cmd)
	}
	return append(out, keys)
}

func workerCommands() []*cobra.Command {
	versions := &cobra.Command{Use: "versions", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return nil }}
	promote := &cobra.Command{Use: "promote", Args: cobra.MaximumNArgs(1), RunE: func(*cobra.Command, []string) error { return nil }}
	promote.Flags().Float32("percent", 100, "")
	promote.Flags().Bool("unversioned", false, "")
	for _, cmd := range []*cobra.Command{versions, promote} {
		config.Bind(cmd.Flags())
	}
	return []*cobra.Command{versions, promote}
}
