// The programs of a Kubernetes cluster in one: it is the one by whose name it is called (see the script `kubernetes-build`).
//
// All but cluster-dns are as their own packages make them.
package main

import (
	"flag"
	"fmt"
	"math/rand"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/miekg/dns"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	cliflag "k8s.io/component-base/cli/flag"
	"k8s.io/component-base/logs"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/klog/v2"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

func main() {
	rand.Seed(time.Now().UnixNano())
	var command *cobra.Command
	switch name := filepath.Base(os.Args[0]); name {
	case "kube-apiserver":
		command = apiserver.NewAPIServerCommand()
	case "kube-controller-manager":
		command = controllers.NewControllerManagerCommand()
	case "kube-scheduler":
		command = scheduler.NewSchedulerCommand()
	case "kubelet":
		command = kubelet.NewKubeletCommand()
	case "kube-proxy":
		command = proxy.NewProxyCommand()
	case "kubectl":
		command = kubectl.NewDefaultKubectlCommand()
		// Not those of all that is linked here.
		ofLogs := flag.NewFlagSet(name, flag.ExitOnError)
		klog.InitFlags(ofLogs)
		pflag.CommandLine.SetNormalizeFunc(cliflag.WordSepNormalizeFunc)
		pflag.CommandLine.AddGoFlagSet(ofLogs)
	case "cluster-dns":
		command = &cobra.Command{Use: name + " KUBECONFIG ADDRESS", Args: cobra.ExactArgs(2), RunE: serveNames}
	default:
		fmt.Fprintln(os.Stderr, name, "is none of them")
		os.Exit(2)
	}
	logs.InitLogs()
	defer logs.FlushLogs()
	if err := command.Execute(); err != nil {
		os.Exit(1)
	}
}

// The names of services, in place of CoreDNS, which Debian has not: SERVICE.NAMESPACE.svc.cluster.local, and before it those of
// the pods that have names there. There is nothing else in the world.
func serveNames(_ *cobra.Command, arguments []string) error {
	config, err := clientcmd.BuildConfigFromFlags("", arguments[0])
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	services, endpoints := factory.Core().V1().Services().Lister(), factory.Core().V1().Endpoints().Lister()
	factory.Start(wait.NeverStop)
	factory.WaitForCacheSync(wait.NeverStop)
	dns.HandleFunc(".", func(writer dns.ResponseWriter, request *dns.Msg) {
		answer := new(dns.Msg)
		answer.SetReply(request)
		answer.Authoritative, answer.RecursionAvailable = true, true
		question := request.Question[0]
		labels := strings.Split(strings.TrimSuffix(strings.ToLower(question.Name), ".svc.cluster.local."), ".")
		var addresses []string
		if strings.HasSuffix(question.Name, ".") && len(labels) >= 2 && len(labels) <= 3 {
			name, namespace := labels[len(labels)-2], labels[len(labels)-1]
			service, err := services.Services(namespace).Get(name)
			if err == nil && service.Spec.ClusterIP != core.ClusterIPNone && len(labels) == 2 {
				addresses = append(addresses, service.Spec.ClusterIP)
			} else if ends, missing := endpoints.Endpoints(namespace).Get(name); err == nil && missing == nil {
				for _, subset := range ends.Subsets {
					for _, address := range subset.Addresses {
						if len(labels) == 2 || address.Hostname == labels[0] {
							addresses = append(addresses, address.IP)
						}
					}
				}
			}
		}
		if len(addresses) == 0 {
			answer.Rcode = dns.RcodeNameError
		}
		for _, address := range addresses {
			if question.Qtype == dns.TypeA {
				head := dns.RR_Header{Name: question.Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 1}
				answer.Answer = append(answer.Answer, &dns.A{Hdr: head, A: net.ParseIP(address)})
			}
		}
		writer.WriteMsg(answer)
	})
	ended := make(chan error)
	for _, network := range []string{"udp", "tcp"} {
		network := network
		go func() { ended <- dns.ListenAndServe(arguments[1], network, nil) }()
	}
	return <-ended
}
