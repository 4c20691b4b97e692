package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kwokcmd "sigs.k8s.io/kwok/pkg/kwok/cmd"

	kwokconfig "sigs.k8s.io/kwok/pkg/config"
	kwoklog "sigs.k8s.io/kwok/pkg/log"
)

// partCommand is the first argument of this program when it plays one part: `kubernetes-dev part etcd ...`.
const partCommand = "part"

// The parts, which are also the names of their logs.
const (
	partEtcd              = "etcd"
	partAPIServer         = "kube-apiserver"
	partControllerManager = "kube-controller-manager"
	partScheduler         = "kube-scheduler"
	partNodes             = "kwok"
)

// runPart becomes one part and ends with it.
func runPart(name string, args []string) {
	holdLeash()
	os.Args = append([]string{name}, args...)
	switch name {
	case partEtcd:
		etcdmain.Main(os.Args)
	case partAPIServer:
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case partControllerManager:
		os.Exit(cli.Run(controllermanager.NewControllerManagerCommand()))
	case partScheduler:
		os.Exit(cli.Run(scheduler.NewSchedulerCommand()))
	case partNodes:
		runNodes()
	default:
		fmt.Fprintf(os.Stderr, "kubernetes: there is no part %q\n", name)
		os.Exit(2)
	}
}

// runNodes is kwok, whose configuration is read from the command line before its command exists.
func runNodes() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The other parts have registered flags of the process, among them a --version that is not the one kwok expects.
	pflag.CommandLine = pflag.NewFlagSet(partNodes, pflag.ContinueOnError)
	flags := pflag.NewFlagSet("global", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.Usage = func() {}
	ctx, _ = kwoklog.InitFlags(ctx, flags)
	ctx, err := kwokconfig.InitFlags(ctx, flags)
	if err == nil {
		command := kwokcmd.NewCommand(ctx)
		command.PersistentFlags().AddFlagSet(flags)
		err = command.ExecuteContext(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "kwok: "+err.Error())
		os.Exit(1)
	}
}
