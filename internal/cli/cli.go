package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sync/atomic"

	"github.com/spf13/cobra"
)

// Options are what the command line is connected to.
type Options struct {
	// Version is what `slipway version` says.
	Version string
	In      io.Reader
	Out     io.Writer
	Err     io.Writer
	// Getenv reads the environment; os.Getenv when nil.
	Getenv func(string) string
	// Dir is the working directory; that of the process when empty.
	Dir string
}

// app is what all commands share.
type app struct {
	version string
	in      io.Reader
	out     io.Writer
	err     io.Writer
	getenv  func(string) string
	dir     string
	root    *cobra.Command
	flags   map[string]*string
	output  string
	found   map[string]setting           // looked up once
	notice  atomic.Pointer[func(string)] // takes notes while a picture is on the screen
}

// The groups that help lists commands in.
const (
	groupDeploy   = "deploy"
	groupManage   = "manage"
	groupSettings = "settings"
	groupServer   = "server"
)

// New makes the tree of commands. The caller may add commands of its own; there is a group with the id "server" for them.
func New(o Options) *cobra.Command {
	a := &app{version: o.Version, in: o.In, out: o.Out, err: o.Err, getenv: o.Getenv, dir: o.Dir}
	if a.getenv == nil {
		a.getenv = os.Getenv
	}
	if a.dir == "" {
		a.dir, _ = os.Getwd() // without one, only files named absolutely are found
	}
	a.root = &cobra.Command{
		Use:   "slipway",
		Short: "Slipway, the open Platform Orchestrator",
		Long: "Slipway brings workloads and what they need to their environments: describe a workload in a Score file, deploy it,\n" +
			"and see what happens.\n\n  slipway score deploy -f score.yaml --app shop --env development --wait",
		SilenceErrors: true, SilenceUsage: true,
		Args: cobra.ArbitraryArgs, RunE: runGroup,
	}
	a.root.SetIn(a.in)
	a.root.SetOut(a.out)
	a.root.SetErr(a.err)
	a.flags = bindSettings(a.root.PersistentFlags())
	a.root.PersistentFlags().StringVarP(&a.output, "output", "o", "", "table, json or yaml; json and yaml show what the API answered (SLIPWAY_OUTPUT)")
	a.root.SetFlagErrorFunc(flagError)
	a.root.AddGroup(
		&cobra.Group{ID: groupDeploy, Title: "Deploy and look:"},
		&cobra.Group{ID: groupManage, Title: "Manage what exists:"},
		&cobra.Group{ID: groupSettings, Title: "Settings:"},
		&cobra.Group{ID: groupServer, Title: "Run a server:"},
	)
	a.root.SetHelpCommandGroupID(groupSettings)
	a.root.SetCompletionCommandGroupID(groupSettings)
	a.addCommands()
	return a.root
}

func (a *app) addCommands() {
	add := func(group string, commands ...*cobra.Command) {
		for _, c := range commands {
			c.GroupID = group
			a.root.AddCommand(c)
		}
	}
	add(groupDeploy, a.scoreCommand(), a.deployCommand(), a.rollbackCommand(), a.cancelCommand(), a.plansCommand(), a.changesCommand(), a.logsCommand(), a.describeCommand(),
		a.diffCommand(), a.queueCommand(), a.pushCommand())
	add(groupManage, a.getCommand(), a.createCommand(), a.deleteCommand(), a.applyCommand(), a.valuesCommand(), a.resourcesCommand(), a.driverCommand(), a.orphansCommand(), a.definitionsCommand(), a.rolesCommand(), a.auditCommand(), a.apiCommand())
	add(groupDeploy, slices.Concat(a.attentionCommands(), a.runtimeCommands(), a.operateCommands(), a.driftCommands(), a.scheduleCommands())...)
	add(groupManage, slices.Concat(a.pipelineCommands(), a.pipelineRunCommands(), a.gateCommands(), a.lifecycleCommands())...)
	add(groupSettings, a.loginCommand(), a.configCommand(), a.versionCommand())
}

// Run carries out the command that args (without the program's name) ask for, prints what went wrong, and returns the
// exit code of the process.
func Run(ctx context.Context, root *cobra.Command, args []string) int {
	checkUsage(root)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err != nil {
		report(root.ErrOrStderr(), cmd, err)
	}
	return exitCode(err)
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Show the version of this program", Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(a.out, "slipway "+a.version)
			return err
		},
	}
}

// note tells the user something that is not a result.
func (a *app) note(text string) {
	if notice := a.notice.Load(); notice != nil {
		(*notice)(text)
		return
	}
	fmt.Fprintln(a.err, text)
}
