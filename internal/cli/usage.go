package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// runGroup is what a command does that only has others below it: help, or a word on what was meant.
func runGroup(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		if cmd.HasParent() {
			return usagef("%s needs to be told what: %s", cmd.CommandPath(), strings.Join(namesBelow(cmd), ", "))
		}
		return cmd.Help()
	}
	hint := ""
	if best := closest(args[0], spellingsBelow(cmd)); best != "" {
		hint = fmt.Sprintf("; did you mean %q?", best)
	}
	return usagef("%s has no command %q%s", cmd.CommandPath(), args[0], hint)
}

// group makes a command that has others below it.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs, RunE: runGroup}
	cmd.AddCommand(commands...)
	return cmd
}

func namesBelow(cmd *cobra.Command) []string {
	var out []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			out = append(out, c.Name())
		}
	}
	return out
}

func spellingsBelow(cmd *cobra.Command) []string {
	out := namesBelow(cmd)
	for _, c := range cmd.Commands() {
		out = append(out, c.Aliases...)
	}
	return out
}

// args makes a check of positional arguments from their names; names in brackets may be left out.
func args(names ...string) cobra.PositionalArgs {
	required := 0
	for _, n := range names {
		if !strings.HasPrefix(n, "[") {
			required++
		}
	}
	return func(cmd *cobra.Command, given []string) error {
		if slices.Contains(given, "") {
			return usagef("%s: an argument is empty", cmd.CommandPath())
		}
		if len(given) < required {
			return usagef("%s needs %s", cmd.CommandPath(), strings.Join(names[len(given):required], " and "))
		}
		if len(given) > len(names) {
			return usagef("%s: %q is one argument too many; expected %s", cmd.CommandPath(), given[len(names)], orNone(names))
		}
		return nil
	}
}

var noArgs = args()

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, " ")
}

// checkUsage makes every command's complaint about its arguments a usage error.
func checkUsage(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(cmd *cobra.Command, given []string) error {
			err := check(cmd, given)
			if usage := (*usageError)(nil); err != nil && !errors.As(err, &usage) {
				return &usageError{err.Error()}
			}
			return err
		}
	}
	for _, c := range cmd.Commands() {
		checkUsage(c)
	}
}

// flagError says which flag was meant.
func flagError(cmd *cobra.Command, err error) error {
	message := err.Error()
	unknown := (*pflag.NotExistError)(nil)
	if !errors.As(err, &unknown) {
		return &usageError{message}
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, "--"+f.Name)
		}
	})
	name := unknown.GetSpecifiedName()
	if len(name) == 1 {
		return usagef("%s has no flag -%s", cmd.CommandPath(), name)
	}
	hint := ""
	if best := closest("--"+name, names); best != "" {
		hint = "; did you mean " + best + "?"
	}
	return usagef("%s has no flag --%s%s", cmd.CommandPath(), name, hint)
}

// report prints an error, and what to do about it where the message does not say.
func report(w io.Writer, cmd *cobra.Command, err error) {
	if coded := (*codedError)(nil); errors.As(err, &coded) && coded.reported {
		return
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(w, "interrupted")
		return
	}
	fmt.Fprintln(w, "error: "+err.Error())
	for _, line := range details(err) {
		fmt.Fprintln(w, "  "+line)
	}
	if usage := (*usageError)(nil); errors.As(err, &usage) && cmd != nil {
		fmt.Fprintf(w, "see: %s --help\n", cmd.CommandPath())
	}
}

// closest finds the candidate that word was probably meant to be: the nearest by edits, else the shortest that begins with
// it; "" when there is none.
func closest(word string, candidates []string) string {
	best, distance := "", max(2, len(word)/3)+1
	longer := ""
	for _, c := range candidates {
		if d := editDistance(strings.ToLower(word), c); d < distance {
			best, distance = c, d
		}
		if len(word) >= 2 && strings.HasPrefix(c, word) && (longer == "" || len(c) < len(longer)) {
			longer = c
		}
	}
	if longer != "" && distance > 1 {
		return longer
	}
	return best
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
