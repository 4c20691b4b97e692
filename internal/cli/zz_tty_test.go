package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestZZTTY(t *testing.T) {
	bin := os.Getenv("TTY_BIN")
	if bin == "" {
		t.Skip()
	}
	w := newWorld(t)
	w.deployHello("nginx:1")
	w.env["SLIPWAY_APP"], w.env["SLIPWAY_ENV"] = "shop", "development"
	for _, mode := range []string{"ok", "ctrlc", "timeout"} {
		open := w.engine.hold()
		extra := ""
		if mode == "timeout" {
			extra = " --timeout 1s"
		}
		cmd := exec.Command("script", "-qec", "stty cols 60 rows 12; "+bin+" deploy again --wait"+extra+"; echo code=$?", "/dev/null")
		cmd.Env = append(os.Environ(), "TERM=xterm")
		for k, v := range w.env {
			cmd.Env = append(cmd.Env, k+"="+v)
		}
		in, _ := cmd.StdinPipe()
		var out strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		switch mode {
		case "ok":
			open()
		case "ctrlc":
			fmt.Fprint(in, "\x03")
		}
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		select {
		case <-done:
		case <-time.After(10 * time.Second):
			_ = cmd.Process.Kill()
			fmt.Println("HUNG", mode)
		}
		open()
		fmt.Printf("=== %s\n%q\n", mode, out.String())
		fmt.Println(out.String())
	}
}
