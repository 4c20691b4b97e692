package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Reference is the reference page of all commands, in Markdown.
func Reference() string {
	root := New(Options{Version: "dev", In: strings.NewReader(""), Out: io.Discard, Err: io.Discard})
	var out strings.Builder
	out.WriteString(`# Command line

<!-- Generated from the commands by: go generate ./internal/cli -->

Every command is a request, or a few, to the HTTP API. The commands that run a server (` + "`dev`, `server`, `worker`, `migrate`" + `)
are described by their own ` + "`--help`" + `.

## Settings

Each setting is looked up in this order: the flag, the environment variable, the current context.

| flag | environment variable | meaning |
|---|---|---|
`)
	for _, name := range settingNames {
		fmt.Fprintf(&out, "| `--%s` | `%s` | %s |\n", name, settingDocs[name].env, settingDocs[name].usage)
	}
	out.WriteString("| `-o`, `--output` | `SLIPWAY_OUTPUT` | `table`, `json` or `yaml`; the last two print what the API answered |\n" + `
Contexts are kept in the first of these files: the one that ` + "`SLIPWAY_CONFIG`" + ` names, ` + "`$SLIPWAY_HOME/cli.yaml`" + `, ` + "`.slipway/cli.yaml`" + ` in
the working directory or a parent of it (` + "`slipway dev`" + ` writes that one; it must be readable by its owner only),
` + "`$XDG_CONFIG_HOME/slipway/config.yaml`" + `. The token of a context is sent to the server of that context only. Colours
appear on terminals only, and not when ` + "`NO_COLOR`" + ` is set.

## Exit codes

| code | meaning |
|---|---|
`)
	for _, c := range exitCodes {
		fmt.Fprintf(&out, "| %d | %s |\n", c.code, c.meaning)
	}
	out.WriteString("\n## Commands\n")
	for _, group := range root.Groups() {
		for _, c := range root.Commands() {
			if c.GroupID == group.ID {
				document(&out, c)
			}
		}
	}
	return out.String()
}

// document writes a command and everything below it.
func document(out *strings.Builder, cmd *cobra.Command) {
	fmt.Fprintf(out, "\n### %s\n\n", cmd.CommandPath())
	fmt.Fprintf(out, "%s.\n", cmd.Short)
	if cmd.Long != "" && !strings.HasPrefix(cmd.Long, cmd.Short) {
		fmt.Fprintf(out, "\n%s\n", cmd.Long)
	}
	fmt.Fprintf(out, "\n```\n%s\n```\n", cmd.UseLine())
	if len(cmd.Aliases) > 0 {
		fmt.Fprintf(out, "\nAlso: `%s`\n", strings.Join(cmd.Aliases, "`, `"))
	}
	if cmd.Example != "" {
		fmt.Fprintf(out, "\nExample:\n\n```sh\n%s\n```\n", unindent(cmd.Example))
	}
	var rows strings.Builder
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name == "help" {
			return
		}
		name := "`--" + f.Name + "`"
		if f.Shorthand != "" {
			name = "`-" + f.Shorthand + "`, " + name
		}
		fmt.Fprintf(&rows, "| %s | %s |\n", name, strings.ReplaceAll(f.Usage, "|", "\\|"))
	})
	if rows.Len() > 0 {
		fmt.Fprintf(out, "\n| flag | meaning |\n|---|---|\n%s", rows.String())
	}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			document(out, c)
		}
	}
}

func unindent(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimPrefix(lines[i], "  ")
	}
	return strings.Join(lines, "\n")
}
