package main

import (
	"fmt"
	"strconv"
)

// serviceRange is where Services get their addresses from; nothing routes to them.
const serviceRange = "10.96.0.0/16"

func (o *options) etcdArgs() []string {
	client := fmt.Sprintf("https://127.0.0.1:%d", o.etcdPort)
	peer := fmt.Sprintf("https://127.0.0.1:%d", o.etcdPeerPort)
	return []string{
		"--name=dev", "--data-dir=" + o.path("etcd"), "--log-level=warn",
		"--listen-client-urls=" + client, "--advertise-client-urls=" + client,
		"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer, "--initial-cluster=dev=" + peer,
		"--client-cert-auth", "--trusted-ca-file=" + o.cert("ca"), "--cert-file=" + o.cert("server"), "--key-file=" + o.key("server"),
		"--peer-client-cert-auth", "--peer-trusted-ca-file=" + o.cert("ca"),
		"--peer-cert-file=" + o.cert("server"), "--peer-key-file=" + o.key("server"),
		// A laptop's disk is not a quorum: what a power cut may cost here is a rehearsal.
		"--unsafe-no-fsync", "--auto-compaction-mode=periodic", "--auto-compaction-retention=1h",
	}
}

func (o *options) apiServerArgs() []string {
	return []string{
		"--etcd-servers=" + fmt.Sprintf("https://127.0.0.1:%d", o.etcdPort),
		"--etcd-cafile=" + o.cert("ca"), "--etcd-certfile=" + o.cert("admin"), "--etcd-keyfile=" + o.key("admin"),
		"--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--secure-port=" + strconv.Itoa(o.port),
		"--tls-cert-file=" + o.cert("server"), "--tls-private-key-file=" + o.key("server"), "--client-ca-file=" + o.cert("ca"),
		"--authorization-mode=Node,RBAC", "--service-cluster-ip-range=" + serviceRange,
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + o.key("serviceaccount"), "--service-account-signing-key-file=" + o.key("serviceaccount"),
		// A loopback address cannot be an endpoint, and nothing runs that would use it.
		"--endpoint-reconciler-type=none",
	}
}

func (o *options) controllerManagerArgs() []string {
	return []string{
		"--kubeconfig=" + o.kubeconfig(), "--secure-port=0", "--leader-elect=false",
		"--service-account-private-key-file=" + o.key("serviceaccount"), "--root-ca-file=" + o.cert("ca"),
		"--cluster-signing-cert-file=" + o.cert("ca"), "--cluster-signing-key-file=" + o.key("ca"),
	}
}

func (o *options) schedulerArgs() []string {
	return []string{"--kubeconfig=" + o.kubeconfig(), "--secure-port=0", "--leader-elect=false"}
}

func (o *options) nodesArgs() []string {
	return []string{
		"--kubeconfig=" + o.kubeconfig(), "--config=" + o.path("stages.yaml"),
		// Tests may add nodes of their own (internal/testenv/processnode), which are not played.
		"--manage-all-nodes=false", "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
		"--node-lease-duration-seconds=40", "--node-ip=127.0.0.1", "--cidr=10.244.0.0/16",
		// Where the API server asks for the logs of containers.
		"--node-port=" + strconv.Itoa(o.nodePort), "--server-address=127.0.0.1:" + strconv.Itoa(o.nodePort),
		"--tls-cert-file=" + o.cert("server"), "--tls-private-key-file=" + o.key("server"),
	}
}
